package sandbox

import (
	"net/http"
	"strings"
)

// endpointSpec is one row of the API: where, who, what it takes, what it does.
type endpointSpec struct {
	pattern string
	public  bool // the publishable key may call it
	params  string
	run     handler
}

const intentFields = ` amount:int currency customer description:text metadata.*:text statement_descriptor:text
	statement_descriptor_suffix:text transfer_group:text shipping.* payment_method_configuration
	radar_options.session application_fee_amount:int on_behalf_of `

// endpoints is the API. The words after each address are its parameters; spec.go
// says how they are read.
func apiEndpoints() []endpointSpec {
	create := intentFields + confirmFields + methodFields("payment_method_data.") +
		" confirm:bool confirmation_method:automatic|manual automatic_payment_methods.enabled:bool automatic_payment_methods.allow_redirects:always|never "
	method := methodFields("payment_method_data.")
	setup := confirmFields + method + " description:text metadata.*:text customer usage:off_session|on_session confirm:bool automatic_payment_methods.enabled:bool automatic_payment_methods.allow_redirects:always|never flow_directions.# "
	return []endpointSpec{
		{"POST /v1/payment_intents", false, create + "amount:int! currency!", createIntent},
		{"GET /v1/payment_intents", false, listParams + "customer", listIntents},
		{"GET /v1/payment_intents/search", false, "query! limit:int page", searchIntents},
		{"GET /v1/payment_intents/{id}", true, "client_secret", getIntent},
		{"POST /v1/payment_intents/{id}", false, intentFields + method + "payment_method payment_method_types.#:card|us_bank_account receipt_email:text setup_future_usage:off_session|on_session payment_method_options.us_bank_account.verification_method:automatic|instant|microdeposits payment_method_options.card.request_three_d_secure:any|automatic|challenge", updateIntent},
		{"POST /v1/payment_intents/{id}/confirm", true, confirmFields + method + "radar_options.session shipping.*", confirmIntent},
		{"POST /v1/payment_intents/{id}/capture", false, "amount_to_capture:int metadata.*:text final_capture:bool statement_descriptor statement_descriptor_suffix", captureIntent},
		{"POST /v1/payment_intents/{id}/cancel", false, "cancellation_reason:duplicate|fraudulent|requested_by_customer|abandoned", cancelIntent},
		{"POST /v1/payment_intents/{id}/verify_microdeposits", true, "amounts.#:int descriptor_code client_secret", verifyIntent},

		{"POST /v1/confirmation_tokens", true, method + mandateFields + "payment_method return_url setup_future_usage:off_session|on_session shipping.* client_context.*:text", createToken},
		{"POST /v1/test_helpers/confirmation_tokens", false, method + "payment_method return_url setup_future_usage:off_session|on_session shipping.*", createToken},
		{"GET /v1/confirmation_tokens/{id}", false, "", getToken},

		{"POST /v1/payment_methods", true, methodFields("") + "type!", createMethod},
		{"GET /v1/payment_methods", false, listParams + "customer type", listMethods},
		{"GET /v1/payment_methods/{id}", false, "", getMethod},
		{"POST /v1/payment_methods/{id}", false, methodFields(""), updateMethod},
		{"POST /v1/payment_methods/{id}/attach", false, "customer!", attachMethod},
		{"POST /v1/payment_methods/{id}/detach", false, "", detachMethod},

		{"POST /v1/customers", false, customerFields, createCustomer},
		{"GET /v1/customers", false, listParams + "email", listCustomers},
		{"GET /v1/customers/{id}", false, "", getCustomer},
		{"POST /v1/customers/{id}", false, customerFields, updateCustomer},
		{"GET /v1/customers/{id}/payment_methods", false, listParams + "type", listMethods},

		{"POST /v1/setup_intents", false, setup, createSetup},
		{"GET /v1/setup_intents", false, listParams + "customer payment_method", listSetups},
		{"GET /v1/setup_intents/{id}", true, "client_secret", getSetup},
		{"POST /v1/setup_intents/{id}/confirm", true, confirmFields + method, confirmSetup},
		{"POST /v1/setup_intents/{id}/cancel", false, "cancellation_reason:abandoned|requested_by_customer|duplicate", cancelSetup},
		{"POST /v1/setup_intents/{id}/verify_microdeposits", true, "amounts.#:int descriptor_code client_secret", verifySetup},
		{"GET /v1/mandates/{id}", false, "", getMandate},

		{"GET /v1/charges", false, listParams + "payment_intent customer", listCharges},
		{"GET /v1/charges/{id}", false, "", getCharge},
		{"POST /v1/refunds", false, "charge payment_intent amount:int reason:duplicate|fraudulent|requested_by_customer metadata.*:text", createRefund},
		{"GET /v1/refunds", false, listParams + "charge payment_intent", listRefunds},
		{"GET /v1/refunds/{id}", false, "", getRefund},
		{"GET /v1/disputes", false, listParams + "charge payment_intent", listDisputes},
		{"GET /v1/disputes/{id}", false, "", getDispute},
		{"POST /v1/disputes/{id}", false, "evidence.*:text metadata.*:text submit:bool", updateDispute},
		{"POST /v1/disputes/{id}/close", false, "", closeDispute},
		{"GET /v1/balance_transactions", false, listParams + "type source payout currency", listBalance},
		{"GET /v1/balance_transactions/{id}", false, "", getBalance},

		{"GET /v1/events", false, listParams + "type types.# delivery_success:bool", listEvents},
		{"GET /v1/events/{id}", false, "", getEvent},
		{"POST /v1/webhook_endpoints", false, "url! enabled_events.#! api_version description:text metadata.*:text", createEndpoint},
		{"GET /v1/webhook_endpoints", false, listParams, listEndpoints},

		{"POST /v1/checkout/sessions", false, sessionFields, createSession},
		{"GET /v1/checkout/sessions", false, listParams + "payment_intent customer status:open|complete|expired", listSessions},
		{"GET /v1/checkout/sessions/{id}", false, "", getSession},
		{"POST /v1/checkout/sessions/{id}/expire", false, "", expireSession},
	}
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, e := range apiEndpoints() {
		mux.HandleFunc(e.pattern, s.serveAPI(e))
	}
	mux.HandleFunc("OPTIONS /v1/", preflight)
	mux.HandleFunc("/v1/", unknownAddress)
	s.controlRoutes(mux)
	s.pageRoutes(mux)
	return mux
}

// preflight lets pages of any origin call with the publishable key, as Stripe does.
func preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Stripe-Version")
	h.Set("Access-Control-Max-Age", "300")
	w.WriteHeader(http.StatusNoContent)
}

func unknownAddress(w http.ResponseWriter, r *http.Request) {
	e := invalid("", "Unrecognized request URL (%s: %s). Please see https://stripe.com/docs.", r.Method, strings.ToValidUTF8(r.URL.Path, ""))
	e.status = http.StatusNotFound
	w.Header().Set("Content-Type", "application/json")
	write(w, errorAnswer(e))
}
