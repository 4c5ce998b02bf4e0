package consumer

// The addresses of the consumer's pages. Templates and handlers build links
// here and nowhere else. Ids and references are of our own making and need no
// escaping.
const (
	PathStart     = "/"
	PathReal      = "/is-this-real"
	PathVerify    = "/verify"
	PathCode      = "/verify/code"
	PathResend    = "/verify/code/resend"
	PathAccount   = "/account"
	PathChoose    = "/payments/new"
	PathHelp      = "/help"
	PathPrivacy   = "/privacy"
	PathSignOut   = "/sign-out"
	PathSignedOut = "/signed-out"
	PathExtend    = "/session/extend"
	PathLanguage  = "/language"
)

// PathLink is the texted link; a GET shows the landing page, a POST goes on.
func PathLink(token string) string { return "/l/" + token }

// PathNotMe takes the POST of a person the link was not meant for.
func PathNotMe(token string) string { return "/l/" + token + "/not-me" }

// PathDebt is the itemization of one debt.
func PathDebt(id string) string { return "/debts/" + id }

// PathPayment is the outcome of a payment, whatever it is by now.
func PathPayment(id string) string { return "/payments/" + id }

// PathMethod is the card or bank step of a payment.
func PathMethod(id string) string { return "/payments/" + id + "/method" }

// PathHosted takes the POST that moves the card or bank step to the payment
// partner's own page.
func PathHosted(id string) string { return "/payments/" + id + "/hosted" }

// PathReview is the last look before paying; its POST pays.
func PathReview(id string) string { return "/payments/" + id + "/review" }

// PathReceipt is the receipt by its reference.
func PathReceipt(reference string) string { return "/receipts/" + reference }

// PathHelpAbout is the help page opened at one subject.
func PathHelpAbout(about About) string { return PathHelp + "?about=" + string(about) }
