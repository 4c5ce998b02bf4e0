package demo

import (
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// Gallery returns every demo page in every state.
func Gallery(kit pages.Kit) []pages.Example {
	show := func(page, state, title, path string, build func(Base) templ.Component) pages.Example {
		return pages.Example{Page: "demo-" + page, State: state, Title: title, Component: func(lang string) templ.Component {
			b := Base{
				Words: kit.Book.Printer(lang), Assets: kit.Assets, Name: "Quittance", CSRF: "sample-token", Path: path,
				Version: "Quittance 0.1.0",
			}
			b.Nav = Nav(b)
			return build(b)
		}}
	}
	now := time.Date(2026, time.November, 20, 10, 2, 11, 0, time.UTC)
	home := func(b Base) Home {
		return Home{
			Base: b, Now: now, MovedDays: 4,
			Accounts: []Account{
				{"K7Q2-9MXD-4F", "45501", civil.Date{Year: 1984, Month: time.March, Day: 27}, "Two debts, one of them medical"},
				{"M3T8-2HWP-7R", "10002", civil.Date{Year: 1990, Month: time.July, Day: 4}, "Speaks Spanish"},
			},
			Staff: []Staff{{"maria@acme.example", "correct horse battery", "287082"}},
			Cards: []Card{{"4242 4242 4242 4242", "Paid at once"}, {"4000 0000 0000 0002", "Declined"}},
		}
	}
	return []pages.Example{
		show("home", "plain", "The demo", paths.Demo, func(b Base) templ.Component { return home(b) }),
		show("home", "moved", "The clock was moved", paths.Demo, func(b Base) templ.Component {
			h := home(b)
			h.Moved = true
			return h
		}),
		show("home", "problem", "Not a number of days", paths.Demo, func(b Base) templ.Component {
			h := home(b)
			h.Problem = b.T("demo.days_problem")
			return h
		}),
		show("phone", "messages", "The phone", paths.DemoPhone, func(b Base) templ.Component {
			const link = "http://127.0.0.1:8080/l/Zm9yZXZlcmFuZGFkYXk3"
			return Phone{Base: b, Messages: []Message{
				{At: now, To: "(937) 555-0147", Body: "Acme Services: we have a private message for you. " + link + " Reply STOP to end texts.", Link: link},
				{At: now.Add(-time.Minute), To: "ana@mail.example", Mail: true, Body: "Your code is 123456. It works for 10 minutes.\n\n@127.0.0.1 #123456"},
			}}
		}),
		show("phone", "empty", "No message yet", paths.DemoPhone, func(b Base) templ.Component { return Phone{Base: b} }),
		show("record", "arrived", "Webhooks have arrived", paths.DemoRecord, func(b Base) templ.Component {
			return Record{
				Base: b,
				Deliveries: []Delivery{
					{now, "evt_GG7HI7BQCQ7AIALQI2OPAX4WS6", "payment.confirmed", 2, 1, true, "SOR-1002", "{\n  \"type\": \"payment.confirmed\"\n}"},
					{now, "evt_XJVPI4F3KV7ZYV4YM2R7DC5B7X", "payment.submitted", 1, 3, false, "", "{\n  \"type\": \"payment.submitted\"\n}"},
				},
				Balances: []Balance{
					{"A-100234", "D-1", "Mercy Clinic", 182_17, true},
					{"A-100234", "D-2", "City Water", 150_00, false},
				},
			}
		}),
		show("record", "empty", "Nothing has arrived", paths.DemoRecord, func(b Base) templ.Component { return Record{Base: b} }),
	}
}
