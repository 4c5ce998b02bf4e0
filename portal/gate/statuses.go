package gate

import "quittance/portal/debt"

// cell is the answer for one action in one status.
type cell struct {
	when   condition
	how    Reason // when allowed
	denied Reason // when not
	whole  bool
	rules  []string
}

// statuses is the table of rules.md O, one row a status.
var statuses = map[debt.Status]map[Action]cell{
	debt.Active: {
		View:     {when: always, rules: []string{"GEN-01"}},
		Pay:      {when: always, rules: []string{"GEN-01", "DIS-09"}},
		Plan:     {when: always, rules: []string{"GEN-01"}},
		Autopay:  {when: always, rules: []string{"GEN-01"}},
		Outbound: {when: always, rules: []string{"GEN-01"}},
		Dispute:  {when: always, rules: []string{"VAL-08", "DIS-09"}},
	},
	// The file does not say whether a dispute was timely, so it is held as one
	// that was (DIS-07).
	debt.Disputed: {
		View:     {when: always, how: WithStatus, rules: []string{"DIS-02"}},
		Pay:      {denied: IsDisputed, rules: []string{"DIS-02", "DIS-07", "AMT-06"}},
		Plan:     {denied: IsDisputed, rules: []string{"DIS-02", "DIS-07"}},
		Autopay:  {denied: Paused, rules: []string{"DIS-02", "DIS-04"}},
		Outbound: {when: answer, denied: IsDisputed, rules: []string{"DIS-02", "DIS-03"}},
		Dispute:  {when: always, rules: []string{"DIS-05", "DIS-07"}},
	},
	debt.Cease: {
		View:     {when: always, rules: []string{"COM-10"}},
		Pay:      {when: byConsumer, denied: IsCeased, rules: []string{"COM-10"}},
		Plan:     {when: byConsumer, denied: IsCeased, rules: []string{"COM-10"}},
		Autopay:  {denied: Paused, rules: []string{"COM-10"}},
		Outbound: {denied: IsCeased, rules: []string{"COM-10"}},
		Dispute:  {when: always, rules: []string{"COM-10", "DIS-07"}},
	},
	debt.Attorney: {
		View:     {when: always, how: Limited, rules: []string{"STS-03"}},
		Pay:      {when: consent, denied: HasAttorney, rules: []string{"STS-03"}},
		Plan:     {denied: HasAttorney, rules: []string{"STS-03"}},
		Autopay:  {denied: Paused, rules: []string{"STS-03"}},
		Outbound: {denied: HasAttorney, rules: []string{"STS-03"}},
		Dispute:  {when: always, rules: []string{"STS-03"}},
	},
	debt.Bankruptcy: {
		View:     {denied: IsBankrupt, rules: []string{"STS-01"}},
		Pay:      {denied: IsBankrupt, rules: []string{"STS-01"}},
		Plan:     {denied: IsBankrupt, rules: []string{"STS-01"}},
		Autopay:  {denied: Canceled, rules: []string{"STS-01"}},
		Outbound: {denied: IsBankrupt, rules: []string{"STS-01"}},
		Dispute:  {denied: IsBankrupt, rules: []string{"STS-01"}},
	},
	debt.Deceased: {
		View:     {when: estate, how: Limited, denied: IsDeceased, rules: []string{"STS-02"}},
		Pay:      {when: executor, how: Limited, denied: IsDeceased, rules: []string{"STS-02"}},
		Plan:     {denied: IsDeceased, rules: []string{"STS-02"}},
		Autopay:  {denied: Canceled, rules: []string{"STS-02"}},
		Outbound: {when: estate, denied: IsDeceased, rules: []string{"STS-02"}},
		Dispute:  {when: always, rules: []string{"STS-02", "DIS-07"}},
	},
	debt.Servicemember: {
		View:     {when: always, rules: []string{"STS-04"}},
		Pay:      {when: always, rules: []string{"STS-04"}},
		Plan:     {when: always, how: FixedNoCharge, rules: []string{"STS-04"}},
		Autopay:  {when: always, how: Recheck, rules: []string{"STS-04"}},
		Outbound: {when: always, rules: []string{"STS-04"}},
		Dispute:  {when: always, rules: []string{"STS-04", "DIS-07"}},
	},
	// Whoever signs in may be the one who took the name: no amounts.
	debt.IdentityTheft: {
		View:     {denied: IsIdentity, rules: []string{"STS-05"}},
		Pay:      {denied: IsIdentity, rules: []string{"STS-05"}},
		Plan:     {denied: IsIdentity, rules: []string{"STS-05"}},
		Autopay:  {denied: Canceled, rules: []string{"STS-05"}},
		Outbound: {denied: IsIdentity, rules: []string{"STS-05"}},
		Dispute:  {when: always, rules: []string{"STS-05"}},
	},
	debt.Minor: {
		View:     {when: guardian, how: Limited, denied: IsMinor, rules: []string{"STS-06"}},
		Pay:      {denied: IsMinor, rules: []string{"STS-06"}},
		Plan:     {denied: IsMinor, rules: []string{"STS-06"}},
		Autopay:  {denied: Canceled, rules: []string{"STS-06"}},
		Outbound: {when: guardian, denied: IsMinor, rules: []string{"STS-06"}},
		Dispute:  {when: guardian, denied: IsMinor, rules: []string{"STS-06"}},
	},
	// Part payments are off by default: in some states they revive the debt.
	debt.TimeBarred: {
		View:     {when: always, how: WithNotice, rules: []string{"STS-07"}},
		Pay:      {when: byConsumer, how: WithNotice, denied: IsTimeBarred, whole: true, rules: []string{"STS-07"}},
		Plan:     {denied: IsTimeBarred, rules: []string{"STS-07"}},
		Autopay:  {denied: Paused, rules: []string{"STS-07"}},
		Outbound: {when: template, how: WithNotice, denied: IsTimeBarred, rules: []string{"STS-07", "GEN-04"}},
		Dispute:  {when: always, rules: []string{"STS-07", "DIS-07"}},
	},
	// Whose debt it is, or which law holds, a person must say first.
	debt.UnderReview: {
		View:     {denied: IsUnderReview, rules: []string{"GEN-03", "STA-05"}},
		Pay:      {denied: IsUnderReview, rules: []string{"GEN-03", "STA-05"}},
		Plan:     {denied: IsUnderReview, rules: []string{"GEN-03", "STA-05"}},
		Autopay:  {denied: Paused, rules: []string{"GEN-03", "STA-05"}},
		Outbound: {denied: IsUnderReview, rules: []string{"GEN-03", "STA-05"}},
		Dispute:  {when: always, rules: []string{"GEN-03", "DIS-07"}},
	},
	debt.Paid:     past(IsPaid),
	debt.Recalled: past(IsRecalled),
}

// past is the row of a debt that is no longer collected.
func past(r Reason) map[Action]cell {
	rules := []string{"STS-09"}
	return map[Action]cell{
		View:     {when: always, how: History, rules: rules},
		Pay:      {denied: r, rules: rules},
		Plan:     {denied: r, rules: rules},
		Autopay:  {denied: Canceled, rules: rules},
		Outbound: {when: answer, denied: r, rules: rules},
		Dispute:  {when: always, rules: []string{"STS-09", "DIS-07"}},
	}
}
