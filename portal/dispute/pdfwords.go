package dispute

import "bytes"

// whole walks a PDF word by word, only to find out which streams are meant:
// a stream that stands in a string, in a comment or within a dictionary is one
// to some readers alone, and is not taken.
func (l *pdfLook) whole(content []byte, deep int) error {
	begun, own, at := 0, 0, 0 // of the words since the last stream, and of the object's
	depth, closed := 0, false
	for at < len(content) {
		next, token := word(content, at)
		switch {
		case next < 0 || (token[0] == '(' || token[0] == '%' || token[0] == '<') && hides(token):
			return ErrFileBroken
		case token[0] == '%' || blanks(token[0]):
			at = next
			continue
		case string(token) == "<<":
			depth++
		case string(token) == ">>":
			depth--
		case string(token) == "obj" || string(token) == "endobj":
			if depth == 0 { // in a dictionary it may be read over
				own = next
			}
			depth = 0
		case string(token) == "stream":
			if depth > 0 || !closed || !hides(content[at:min(len(content), next+before)]) {
				return ErrFileBroken
			}
			if err := l.outside(content[begun:at]); err != nil {
				return err
			}
			holds, err := objects(content[own:at])
			if err != nil {
				return err
			}
			body := content[next:]
			length := bytes.Index(body, streamEnds)
			if length < 0 {
				length = len(body)
			}
			if err := l.stream(body[:length], holds, deep); err != nil {
				return err
			}
			next = min(len(content), next+length+len(streamEnds))
			begun, own, depth = next, next, 0
		}
		closed, at = string(token) == ">>", next
	}
	return l.outside(content[begun:])
}

// hides reports whether a stream would begin at a word, or within a string.
func hides(token []byte) bool { return streamLine.Match(token) }

// word is the next word of a PDF and where it ends; -1 where a string has no end.
func word(content []byte, at int) (end int, token []byte) {
	rest := content[at:]
	cut := func(n int) (int, []byte) { return at + n, rest[:n] }
	switch c := rest[0]; {
	case bytes.HasPrefix(rest, []byte("<<")), bytes.HasPrefix(rest, []byte(">>")):
		return cut(2)
	case c == '%':
		return cut(run(rest, func(c byte) bool { return c != '\r' && c != '\n' }))
	case c == '(':
		if n := literal(rest); n > 0 {
			return cut(n)
		}
		return -1, rest
	case c == '<':
		if n := bytes.IndexByte(rest, '>'); n > 0 {
			return cut(n + 1)
		}
		return -1, rest
	case blanks(c):
		return cut(run(rest, blanks))
	case c == '/':
		return cut(1 + run(rest[1:], regular))
	case !regular(c):
		return cut(1)
	}
	return cut(run(rest, regular))
}

// literal is how long a string in parentheses is; 0 where it has no end.
func literal(content []byte) int {
	depth := 0
	for i := 0; i < len(content); i++ {
		switch content[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

func run(content []byte, of func(byte) bool) int {
	n := 0
	for n < len(content) && of(content[n]) {
		n++
	}
	return n
}

func blanks(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func regular(c byte) bool { return !blanks(c) && bytes.IndexByte([]byte("()<>[]{}/%"), c) < 0 }
