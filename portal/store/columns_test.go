package store_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"quittance/portal/intake"
	"quittance/portal/store/storetest"
)

// What a column of text or bytes may hold.
const (
	key     = "key"     // personal, sealed by the account's own key: it goes with the key
	emptied = "emptied" // personal, removed or emptied when the account is erased
	aged    = "aged"    // personal, removed after its time whatever the account does
	ids     = "ids"     // ids, codes, days, hashes, and states and languages that rules are asked by
	public  = "public"  // companies, law, and those who work here
)

// columns are all columns of text or bytes, by table and class.
var columns = map[string]map[string]string{
	"accounts": {
		key:     "person",
		emptied: "vault name_token phone_token code_sealed code_hash",
		ids:     "id ref state language",
	},
	"api_tokens":         {ids: "id creditors scopes", public: "name issued_by"},
	"attempts":           {aged: "visitor", ids: "bucket outcome given"},
	"audit":              {ids: "account_id action actor link object own refs"},
	"chain_heads":        {ids: "name link"},
	"chain_seals":        {ids: "day name link"},
	"claim_reports":      {key: "sealed", ids: "id claim_id door said_by"},
	"claims":             {ids: "id account_id reference kind status state door decided_by decided_on"},
	"code_reads":         {ids: "reader"},
	"consents":           {ids: "id account_id channel address_hash basis recorded_by call_id text_version"},
	"contact_changes":    {emptied: "sealed was target_hash code_hash", ids: "id account_id what via told notice_id"},
	"contact_wishes":     {key: "own_words", ids: "id account_id recorded_by text_version days words_read_by"},
	"contacts_left":      {key: "sealed", ids: "account_id what"},
	"credit_refunds":     {ids: "credit_id payment_id", public: "asked_by"},
	"creditors":          {public: "ref name"},
	"credits":            {ids: "id account_id debt_id due_on closed_as", public: "closed_by"},
	"data_keys":          {ids: "name sealed"},
	"debts":              {emptied: "description account_number_last4", ids: "id account_id ref creditor_ref type contract_date limitation_date itemization_type itemization_date status", public: "original_creditor_name interest_authority fees_authority"},
	"decisions":          {ids: "speaker account_id debt_id payment_id action channel status reason rules packs"},
	"declines":           {ids: "attempt_id account_id fingerprint"},
	"deliveries":         {emptied: "body", ids: "endpoint_id event_id type state"},
	"delivery_attempts":  {emptied: "reply", ids: "endpoint_id class"},
	"digit_asks":         {ids: "step_up_id account_id representative_id"},
	"dispute_drafts":     {emptied: "sealed", ids: "id account_id debt_id"},
	"dispute_file_bytes": {emptied: "sealed", ids: "file_id"},
	"dispute_files":      {emptied: "name", ids: "id account_id draft_id dispute_id claim_id type sha256 sent_by scan"},
	"dispute_steps":      {ids: "dispute_id state outcome document_id method sent_on by file_id"},
	"dispute_stories":    {emptied: "sealed", ids: "dispute_id"},
	"disputes": {ids: "filed_by id reference request_key account_id debt_id debt_ref creditor_ref kind scope lines reasons paid_on language earlier " +
		"answer_by hash"},
	"endpoints":            {ids: "id creditor_ref types status reason secrets", public: "url description"},
	"events":               {emptied: "facts", ids: "id type account_id payment_id endpoint_id creditors"},
	"evidence":             {ids: "account_id session_id kind route language build rules decisions page_hash own link"},
	"evidence_pages":       {key: "sealed", ids: "account_id hash"},
	"financial_statements": {key: "income essentials", ids: "id account_id calculation request_key"},
	"holds":                {ids: "id account_id debt_id status source"},
	"idempotency_keys":     {aged: "answer", ids: "token route key body_hash content_type location"},
	"inbound_texts":        {ids: "provider_id address_hash reading"},
	"intake_tasks":         {ids: "id kind subject account_id account_ref debt_ref status reasons mark decision decided_by", public: "name"},
	"joint_debtors":        {ids: "debt_id account_id status confirmed_by"},
	"ledger_entries":       {ids: "transfer_id account"},
	"ledger_transfers":     {ids: "id kind payment_id"},
	"legal_holds":          {key: "reason", ids: "account_id placed_by"},
	"letters":              {emptied: "sealed", ids: "id account_id debt_id debt_ref creditor_ref kind occasion subject state way message make_on due_on"},
	"refund_orders":        {ids: "payment_id key debt_id state", public: "ordered_by"},
	"representatives":      {emptied: "person code_hash code_sealed", ids: "id account_id role document_id checked_by from_day until_day recorded_by revoked_by"},
	"links":                {emptied: "address_hash token_hash", ids: "id reference account_id channel sent_by call_id ended_why"},
	"message_refusals":     {ids: "id account_id channel kind reason rule asked_by"},
	"messages":             {emptied: "sealed", ids: "id account_id channel kind language status provider_id problem address_hash debt_id"},
	"parked_payments":      {ids: "payment_id debt_id dispute_id account_id reference choice"},
	"payment_allocations":  {ids: "payment_id debt_id debt_ref creditor_ref held sent_back_by"},
	"payment_doubts":       {ids: "payment_id"},
	"payments": {emptied: "consent_text consent_ip consent_user_agent detail_holder detail_last4",
		ids: "paid_by paid_by_id id reference account_id request_key request_hash method status token detail_type detail_brand detail_funding detail_wallet " +
			"detail_country consent_hash consent_session consent_language intent_id checkout_id charge_id failure_code failure_return_code " +
			"saved_customer saved_method saved_mandate detail_fingerprint detail_expires purpose"},
	"plan_agreements": {key: "name consent_text consent_ip consent_user_agent", ids: "plan_id why lines consent_hash consent_session consent_language"},
	"plan_credits":    {ids: "payment_id plan_id"},
	"plan_drafts": {emptied: "detail_holder detail_last4", ids: "id account_id debt_id kind rhythm first_on charging method token detail_type " +
		"detail_brand detail_funding detail_wallet detail_country detail_expires plan_id"},
	"plan_installments": {ids: "plan_id due status payment_id failure_code failure_return_code notice_state notice_on notice_message overdue_on"},
	"plan_terms":        {public: "id creditor_ref debt_type debt_ref effective terms"},
	"plans": {emptied: "detail_holder detail_last4 incoming_details", ids: "id reference account_id request_key debt_id debt_ref creditor_ref kind " +
		"rhythm first_on charging customer_id method_id mandate_id detail_type detail_brand detail_funding detail_wallet detail_country " +
		"detail_expires card_told setup_id terms status reason resume_on incoming_setup"},
	"postings":             {emptied: "refusal", ids: "event_id creditor_ref transaction_id"},
	"processor_alerts":     {ids: "kind subject state payment_id seen_by"},
	"processor_events":     {ids: "id type intent_id checkout_id payment_id"},
	"sequencer":            {},
	"sessions":             {emptied: "id", ids: "audience subject path link_id ended_why representative_id role device"},
	"staff":                {public: "id email name password roles"},
	"staff_apps":           {ids: "staff_id sealed"},
	"staff_recovery_codes": {ids: "staff_id hash"},
	"step_ups":             {emptied: "code_hash", ids: "id account_id path link_id channel representative_id"},
	"stop_links":           {emptied: "token_hash address_hash", ids: "account_id channel message_id"},
	"suppressions":         {ids: "channel address_hash account_id reason"},
	"tallies":              {ids: "kind"},
	"tickets":              {},
	"transfer_postings":    {ids: "transfer_id event_id"},
	"thread_messages":      {emptied: "sealed", ids: "id account_id written_by via"},
	"thread_told":          {ids: "account_id"},
	"thread_untold":        {ids: "message_id account_id via"},
	"validation_duties":    {ids: "debt_id account_id event_id due_on ended_by"},
	"validation_notices":   {key: "sealed", ids: "id account_id debt_id provided_on received_on ends_on delivered_via source itemization_type itemization_date hash"},
	"validation_requests":  {ids: "id notice_id language"},
}

// columnsOf lists what the schema of SQLite holds; the golden of the other one
// has the same.
func columnsOf(t *testing.T) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", strings.Replace(storetest.SQLiteURL(t), "sqlite:", "file:", 1))
	must(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' AND c.type IN ('TEXT', 'BLOB')`)
	must(t, err)
	defer rows.Close()
	all := map[string][]string{}
	for rows.Next() {
		var table, column string
		must(t, rows.Scan(&table, &column))
		all[table] = append(all[table], column)
	}
	must(t, rows.Err())
	return all
}

func TestREC01_EveryColumnOfTextSaysWhatItHoldsAndWhatIsPersonalIsErased(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(canary())}, At: noon})
	erased, err := s.EraseAccount(t.Context(), "acc_1", noon)
	must(t, err)
	stale, err := s.EraseStale(t.Context(), noon)
	must(t, err)
	have := columnsOf(t)
	if len(have) < 40 {
		t.Fatal("the search is broken")
	}
	for table, names := range have {
		said := map[string]bool{}
		for class, list := range columns[table] {
			for _, column := range strings.Fields(list) {
				if said[column] = true; !slices.Contains(names, column) {
					t.Errorf("%s.%s is not in the schema", table, column)
				}
			}
			if _, there := erased[table]; class == emptied && !there {
				t.Errorf("%s is not erased with an account", table)
			}
			if _, there := stale[table]; class == aged && !there {
				t.Errorf("%s is not erased after its time", table)
			}
		}
		for _, column := range names {
			if !said[column] {
				t.Errorf("%s.%s: say in columns whether it is personal, and seal it by the account's key if it is", table, column)
			}
		}
	}
}
