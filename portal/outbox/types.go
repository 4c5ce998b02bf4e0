package outbox

import "strings"

// Type is the name of an event.
type Type string

// Types that this version emits.
const (
	ConsumerVerified       Type = "consumer.verified"
	LinkSent               Type = "link.sent"
	LinkOpened             Type = "link.opened"
	PaymentSubmitted       Type = "payment.submitted"
	PaymentConfirmed       Type = "payment.confirmed"
	PaymentHeld            Type = "payment.held"
	PaymentFailed          Type = "payment.failed"
	PaymentReversed        Type = "payment.reversed"
	PaymentReinstated      Type = "payment.reinstated"
	PaymentRefunded        Type = "payment.refunded"
	PaymentOverpaid        Type = "payment.overpaid"
	PlanCreated            Type = "plan.created"
	PlanChanged            Type = "plan.changed"
	PlanPaused             Type = "plan.paused"
	PlanCancelled          Type = "plan.cancelled"
	PlanBroken             Type = "plan.broken"
	PlanCompleted          Type = "plan.completed"
	RepresentationClaimed  Type = "representation.claimed"
	StatusClaimed          Type = "status.claimed"
	ContactChanged         Type = "contact.changed"
	ConsentChanged         Type = "consent.changed"
	CeaseRequested         Type = "cease.requested"
	MessageReceived        Type = "message.received"
	DisputeOpened          Type = "dispute.opened"
	DisputeEvidenceAdded   Type = "dispute.evidence_added"
	DisputeClosed          Type = "dispute.closed"
	CreditorRequested      Type = "original_creditor.requested"
	WrongPartyReported     Type = "wrong_party.reported"
	ExtensionRequested     Type = "extension.requested"
	NoticeSent             Type = "notice.sent"
	NoticeMailRequired     Type = "notice.mail_required"
	MessageUndeliverable   Type = "message.undeliverable"
	EndpointPaused         Type = "endpoint.paused"
	EndpointResumed        Type = "endpoint.resumed"
	ReconciliationMismatch Type = "reconciliation.mismatch"
	// AuditSealed is for the agency alone: no creditor is told.
	AuditSealed Type = "audit.sealed"
	// FinancialStatementSubmitted is for the agency alone.
	FinancialStatementSubmitted Type = "financial_statement.submitted"
	// EndpointTest is sent by hand to try an address; it is in no sequence and
	// not in the feed.
	EndpointTest Type = "endpoint.test"
)

// Use says what the portal does with a type.
type Use int

// Uses of a type.
const (
	Emitted  Use = iota + 1 // it has a schema and an example
	Reserved                // promised for later; never emitted now
)

// Kind is a row of the table of types.
type Kind struct {
	Type Type
	Use  Use
	// Posts is true when the system of record is expected to book the event and
	// to answer with its transaction id.
	Posts bool
}

// Kinds is the table of types, in the order of the documentation.
var Kinds = []Kind{
	{Type: ConsumerVerified, Use: Emitted},
	{Type: LinkSent, Use: Emitted},
	{Type: LinkOpened, Use: Emitted},
	{Type: PaymentSubmitted, Use: Emitted},
	{Type: PaymentConfirmed, Use: Emitted, Posts: true},
	{Type: PaymentHeld, Use: Emitted},
	{Type: PaymentFailed, Use: Emitted},
	{Type: PaymentReversed, Use: Emitted, Posts: true},
	{Type: PaymentReinstated, Use: Emitted, Posts: true},
	{Type: PaymentRefunded, Use: Emitted, Posts: true},
	{Type: PaymentOverpaid, Use: Emitted},
	{Type: PlanCreated, Use: Emitted},
	{Type: PlanChanged, Use: Emitted},
	{Type: PlanPaused, Use: Emitted},
	{Type: PlanCancelled, Use: Emitted},
	{Type: PlanBroken, Use: Emitted},
	{Type: PlanCompleted, Use: Emitted},
	{Type: DisputeOpened, Use: Emitted},
	{Type: DisputeEvidenceAdded, Use: Emitted},
	{Type: DisputeClosed, Use: Emitted},
	{Type: CreditorRequested, Use: Emitted},
	{Type: ContactChanged, Use: Emitted},
	{Type: ConsentChanged, Use: Emitted},
	{Type: CeaseRequested, Use: Emitted},
	{Type: RepresentationClaimed, Use: Emitted},
	{Type: StatusClaimed, Use: Emitted},
	{Type: WrongPartyReported, Use: Emitted},
	{Type: FinancialStatementSubmitted, Use: Emitted},
	{Type: ExtensionRequested, Use: Emitted},
	{Type: MessageReceived, Use: Emitted},
	{Type: NoticeSent, Use: Emitted},
	{Type: NoticeMailRequired, Use: Emitted, Posts: true},
	{Type: MessageUndeliverable, Use: Emitted},
	{Type: EndpointPaused, Use: Emitted},
	{Type: EndpointResumed, Use: Emitted},
	{Type: ReconciliationMismatch, Use: Emitted},
	{Type: AuditSealed, Use: Emitted},
}

// Known reports whether a type is in the table, so that an endpoint may ask
// for it.
func (t Type) Known() bool { return t.kind().Use != 0 }

// Posts reports whether the system of record is expected to book the event.
func (t Type) Posts() bool { return t.kind().Posts }

// Schema is the name and version of the type's body, as sent in data.schema.
func (t Type) Schema() string { return string(t) + "/1" }

// AboutPayment reports whether the event is one of a payment.
func (t Type) AboutPayment() bool { return strings.HasPrefix(string(t), "payment.") }

func (t Type) kind() Kind {
	for _, k := range Kinds {
		if k.Type == t {
			return k
		}
	}
	return Kind{}
}

// PostingTypes lists the types that the system of record is expected to book.
func PostingTypes() []Type {
	var types []Type
	for _, k := range Kinds {
		if k.Posts {
			types = append(types, k.Type)
		}
	}
	return types
}
