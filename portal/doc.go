// Package portal is the map of the house; it holds no code but the test that
// keeps the map true.
//
// # What follows from what
//
// A folder imports only what stands to its left:
//
//	payments → plans → frontend → portal → cmd
//
// Money is at the bottom and compiles on the standard library alone; the
// binary is at the top and knows everything. One package imports each foreign
// library, so that a change of library is a change of one folder
// (architecture_test.go has the table).
//
// # The rooms
//
//	payments            what a payment is, which moves are legal, what is posted
//	  money             amounts as whole cents
//	  banking           the days on which US banks settle
//	  ledger            double entry: transfers that sum to zero, balances as folds
//	  stripegw          the processor: the only importer of stripe-go; mocktest checks every
//	                    request and answer against Stripe's own description
//	  gatewaytest       what any processor's adapter must do, as a test suite
//	  paymentstest      the laws of money as a random machine, for any store
//	  sandbox           a Stripe-compatible server on loopback, reached over HTTP
//	plans               paying over time: terms, offers, agreements, changes, charges on the day
//	  civil             days without a clock, and the three calendars of the law
//	  schedule          dates and amounts of a plan, and the days of its notices
//	frontend            everything a person sees: words, pages, styles, scripts
//	  modelform         validation notices in the words of the bureau's model form
//	  e2e               each journey in Chromium
//	portal
//	  debt              accounts, debts, itemization, snapshots of a balance
//	  pack              the law of each place as files: texts, caps, licenses, with the cases that prove them
//	  gate              the one decision point: may this be shown, paid, sent?
//	  dispute           what a consumer says is wrong: taken, held, answered on proof; evidence
//	    clamav          the virus scanner
//	  represent         who may speak for a consumer: executors, guardians, parents, spouses
//	  hold              reasons why collection stops, at once and for everybody
//	  held              money that arrived and may not be kept: released, or sent back
//	  credit            what was paid beyond debts: told, listed, sent back
//	  identity          reference codes, the attempt policy, sessions, links, tokens
//	  contact           whom we may write to, on what basis, at what hour
//	  chain             rows of which none can be changed, dropped or moved unseen; keyed
//	  audit             who did what, on which account, when; ids only
//	  evidence          what a person saw on pages of legal effect, kept before it is shown
//	  retention         until when a person is kept, and the erasing of what is past
//	  notice            messages as rows, sent after the commit
//	  talk              texts that come in, the thread, the end of all contact, changes of contact
//	  terms             what creditors allow plans to look like, as files and requests say it
//	  intake            placements in: checked to the cent, decided purely
//	  paper               copies of signed papers as PDF; the page is the document of record
//	  validation        the validation notice: what it says, its period, who still has to give it
//	  letter              papers that people are owed: confirmations, accounts, payoff and satisfaction
//	  claim             what people say of their own lives, in effect at once
//	  alert             what the processor says that somebody has to look at
//	  record              asks the system of record right before a charge (WHK-05)
//	  seal              short secrets, unreadable while stored
//	  outbox            events out: numbered, signed, retried, acknowledged
//	  config            the environment, read once
//	  worker            background jobs
//	  store             both databases: the only importer of GORM
//	  web               pages, hooks and console: the only importer of Fiber
//	    body            what requests bring, under one bound for all
//	    api             the collector's API: the only importer of huma
//	cmd
//	  portal            the binary: its commands
//	  app               the product put together; follows.go is the list of what follows from what
//	  demo              the product on one machine: processor, system of record, phone, samples, rehearsal
//	  gallery           every page in every state, without a database
//	  bench             figures as ratios to ceilings of the same run
//	  rules             each rule of law with the tests that carry its id, and ASVS 5.0 with its evidence
//	  deadcode          exported functions that no program calls
//	  pgrun             runs a command beside a PostgreSQL that dies with it
//
// # How money moves
//
// Every method that moves money has one shape: in one transaction it loads and
// locks, decides once by a pure function of values and the time, saves what was
// decided, and tells its watchers. Watchers are the only way in which one area
// reacts to another, and all of them stand in cmd/app/follows.go: a row of a file
// reaches plans, open payments, links and duties in the file's own transaction. The processor
// and the collector's endpoint are never called inside a transaction: the
// intention is committed first, the outcome is recorded after.
//
// # How a plan charges
//
// A due installment is claimed with a lease; then, in one transaction, the debt
// and the consumer are looked at again and the attempt is written down under a
// key made of plan, installment and attempt; only then is the saved method
// charged. Whatever dies in between, the same key is asked again and never
// charges twice. What became of the payment comes back to the plan through the
// payment's own watcher, in the payment's own transaction.
//
// # How a balance is true
//
// What is owed on a debt is the fold of its ledger account. The system of
// record's snapshots raise and lower it; each movement (payment, refund,
// reversal, reinstatement) counts until a snapshot arrives that already contains
// it, which is known from the acknowledgement of its own posting. Below zero it is
// a credit, which is told and sent back. What goes back leaves the debt that is
// named and no other; of a credit that no snapshot shows it is not owed again.
// Money that may not be kept stands on an account of its own until somebody decides. A payment that was sent and has no
// outcome yet reserves its amount; a draft reserves nothing. So the page is right
// between two files, an older file changes nothing, and nobody is asked for the
// same dollar twice.
package portal
