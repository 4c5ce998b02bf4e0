package consumer

import (
	"quittance/frontend/components/doors"
	"quittance/frontend/components/icon"
	"quittance/frontend/paths"
)

// wrongDoor leads to where something is said to be wrong; on the page of one
// debt straight to its form.
func wrongDoor(b Base, debt string) doors.Door {
	to := paths.Wrong
	if debt != "" {
		to = paths.DisputeAbout(debt)
	}
	return doors.Door{Href: to, Words: b.T("door.wrong"), Icon: icon.Flag()}
}

// waysOn are the doors that lead somewhere: where nothing may be paid there is
// none to pay and none to pay over time (DIS-02), but a plan that runs keeps its
// own.
func waysOn(b Base, plan, debt string, pay, running bool) []doors.Door {
	var open []doors.Door
	for _, d := range fourDoors(b, plan, debt) {
		if running && d.Href == plan && plan != paths.Plans {
			d.Words = b.T("plan.yours")
		}
		if pay || d.Href != paths.Choose && (d.Href != plan || running) {
			open = append(open, d)
		}
	}
	return open
}

// fourDoors are the ways on, the same everywhere and all alike (U11). The
// second leads to where paying over time begins, or to the plan that runs.
func fourDoors(b Base, plan, debt string) []doors.Door {
	if b.Speaking != "" { // no plan is made for somebody else
		return []doors.Door{
			{Href: paths.Choose, Words: b.T("door.pay"), Icon: icon.Pay()}, wrongDoor(b, debt),
			{Href: helpPath(AboutHelp), Words: b.T("door.help"), Icon: icon.Hand()},
		}
	}
	return []doors.Door{
		{Href: paths.Choose, Words: b.T("door.pay"), Icon: icon.Pay()},
		{Href: plan, Words: b.T("door.plan"), Icon: icon.Calendar()},
		wrongDoor(b, debt),
		{Href: helpPath(AboutHelp), Words: b.T("door.help"), Icon: icon.Hand()},
	}
}
