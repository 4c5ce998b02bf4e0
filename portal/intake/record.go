package intake

// record is one row as the file has it: text by column, and what is wrong with
// its form. A record with faults is refused unread.
type record struct {
	number int // CSV: the line, the header being 1; JSON: the debt, from 1
	values [columns]string
	faults Refusal
}

// source hands out the records of a file, one by one and in order, until its
// end. It returns yield's own error, or why the rest of the file cannot be read.
// The record belongs to the source again when yield returns.
type source interface {
	each(yield func(r *record) error) error
}

// maxRow bounds one row of a file, so that no file needs much memory.
const maxRow = 64 << 10
