package sandbox

import "strings"

// phrase returns the words for key, in English where a language lacks them.
func phrase(lang, key string) string {
	pair, ok := phrases[key]
	if !ok {
		return key
	}
	if lang == "es" {
		return pair[1]
	}
	return pair[0]
}

// refusals are the phrases that answer an error code, for the frame's script.
func refusals(lang string) map[string]string {
	out := map[string]string{}
	for key := range phrases {
		if code, ok := strings.CutPrefix(key, "error."); ok {
			out[code] = phrase(lang, key)
		}
	}
	return out
}

// phrases holds English and Spanish.
var phrases = map[string][2]string{
	"practice":        {"Practice processor: no real money moves. Use test numbers only.", "Procesador de práctica: no se mueve dinero real. Use solo números de prueba."},
	"pay_with":        {"Pay with", "Pagar con"},
	"card":            {"Card", "Tarjeta"},
	"us_bank_account": {"Bank account", "Cuenta bancaria"},
	"number":          {"Card number", "Número de tarjeta"},
	"expiry":          {"Expiration date (MM/YY)", "Fecha de vencimiento (MM/AA)"},
	"cvc":             {"Security code (CVC)", "Código de seguridad (CVC)"},
	"zip":             {"ZIP code (optional)", "Código postal (opcional)"},
	"name":            {"Full name on the account", "Nombre completo del titular"},
	"routing":         {"Routing number", "Número de ruta"},
	"account":         {"Account number", "Número de cuenta"},
	"account_type":    {"Account type", "Tipo de cuenta"},
	"checking":        {"Checking", "Cuenta corriente"},
	"savings":         {"Savings", "Cuenta de ahorros"},
	"deposits":        {"Verify with small deposits instead (1 to 2 business days)", "Verificar con pequeños depósitos (1 a 2 días hábiles)"},
	"mandate":         {"By paying, you authorize this debit from your account on the terms shown by", "Al pagar, usted autoriza este débito de su cuenta según los términos mostrados por"},

	"checkout":      {"Pay", "Pagar"},
	"checkout_to":   {"Payment to", "Pago a"},
	"pay_now":       {"Pay %s now", "Pagar %s ahora"},
	"cancel":        {"Go back without paying", "Volver sin pagar"},
	"problem":       {"There is a problem", "Hay un problema"},
	"challenge":     {"Your bank wants to confirm it is you", "Su banco quiere confirmar que es usted"},
	"challenge_why": {"This page stands for your bank's own check (3-D Secure).", "Esta página representa la verificación de su banco (3-D Secure)."},
	"complete":      {"Complete", "Completar"},
	"fail":          {"Fail", "Fallar"},
	"challenged":    {"Thank you. You can close this window.", "Gracias. Puede cerrar esta ventana."},
	"gone":          {"This page does not exist, or is no longer needed.", "Esta página no existe o ya no se necesita."},
	"expired":       {"This payment page has expired. Nothing was charged.", "Esta página de pago ha vencido. No se cobró nada."},
	"paid":          {"This payment was already submitted. You do not need to pay again.", "Este pago ya se envió. No necesita pagar de nuevo."},
	"verify":        {"Verify your bank account", "Verifique su cuenta bancaria"},
	"verify_why":    {"A small deposit with a code was sent to your account. Type the code (here: SM11AA), or the two amounts in cents (here: 32 and 45).", "Se envió un pequeño depósito con un código a su cuenta. Escriba el código (aquí: SM11AA) o los dos importes en centavos (aquí: 32 y 45)."},
	"code":          {"Code on your statement", "Código en su estado de cuenta"},
	"first_amount":  {"First amount in cents", "Primer importe en centavos"},
	"second_amount": {"Second amount in cents", "Segundo importe en centavos"},
	"verify_now":    {"Verify", "Verificar"},
	"verified":      {"Thank you. Your account is verified and the payment is on its way.", "Gracias. Su cuenta está verificada y el pago está en camino."},

	"error.incomplete_number":                     {"Enter your card number.", "Escriba el número de su tarjeta."},
	"error.incorrect_number":                      {"Check the card number: it is not complete or has a mistake.", "Revise el número de tarjeta: está incompleto o tiene un error."},
	"error.incomplete_expiry":                     {"Enter the expiration date as MM/YY.", "Escriba la fecha de vencimiento como MM/AA."},
	"error.invalid_expiry_month":                  {"Enter a month from 01 to 12.", "Escriba un mes del 01 al 12."},
	"error.invalid_expiry_year":                   {"The expiration date is in the past or is not valid.", "La fecha de vencimiento ya pasó o no es válida."},
	"error.incomplete_cvc":                        {"Enter the 3 or 4 digit security code.", "Escriba el código de seguridad de 3 o 4 dígitos."},
	"error.invalid_cvc":                           {"Enter the 3 or 4 digit security code.", "Escriba el código de seguridad de 3 o 4 dígitos."},
	"error.incomplete_name":                       {"Enter the full name on the account.", "Escriba el nombre completo del titular."},
	"error.incomplete_routing":                    {"Enter the 9 digit routing number.", "Escriba el número de ruta de 9 dígitos."},
	"error.routing_number_invalid":                {"Check the routing number: it is not valid.", "Revise el número de ruta: no es válido."},
	"error.incomplete_account":                    {"Enter the account number.", "Escriba el número de cuenta."},
	"error.account_number_invalid":                {"This practice processor takes test account numbers only, such as 000123456789.", "Este procesador de práctica solo acepta cuentas de prueba, como 000123456789."},
	"error.test_mode_live_card":                   {"This practice processor takes test card numbers only, such as 4242 4242 4242 4242.", "Este procesador de práctica solo acepta tarjetas de prueba, como 4242 4242 4242 4242."},
	"error.card_declined":                         {"Your card was declined. Nothing was charged. Try another card or a bank account.", "Su tarjeta fue rechazada. No se cobró nada. Intente con otra tarjeta o una cuenta bancaria."},
	"error.insufficient_funds":                    {"Your card has insufficient funds. Nothing was charged.", "Su tarjeta no tiene fondos suficientes. No se cobró nada."},
	"error.expired_card":                          {"Your card has expired. Nothing was charged.", "Su tarjeta ha vencido. No se cobró nada."},
	"error.incorrect_cvc":                         {"The security code is incorrect. Nothing was charged.", "El código de seguridad es incorrecto. No se cobró nada."},
	"error.processing_error":                      {"The bank could not process the card. Nothing was charged. Try again in a moment.", "El banco no pudo procesar la tarjeta. No se cobró nada. Intente de nuevo en un momento."},
	"error.payment_intent_authentication_failure": {"Your bank could not confirm it is you. Nothing was charged. Try another way to pay.", "Su banco no pudo confirmar que es usted. No se cobró nada. Intente otra forma de pago."},
	"error.charge_exceeds_source_limit":           {"This payment would exceed the weekly limit of this account. Nothing was charged.", "Este pago superaría el límite semanal de esta cuenta. No se cobró nada."},
	"error.bank_account_declined":                 {"This bank account was refused. Nothing was charged.", "Esta cuenta bancaria fue rechazada. No se cobró nada."},
	"error.attempts_exceeded":                     {"Too many wrong tries. Pay with another account or a card.", "Demasiados intentos incorrectos. Pague con otra cuenta o una tarjeta."},
	"error.mismatch":                              {"That does not match what was sent to your account.", "Eso no coincide con lo que se envió a su cuenta."},
	"error.other":                                 {"This could not be done. Nothing was charged.", "No se pudo hacer. No se cobró nada."},
}
