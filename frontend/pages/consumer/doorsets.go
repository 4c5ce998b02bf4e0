package consumer

import (
	"quittance/frontend/components/doors"
	"quittance/frontend/components/icon"
	"quittance/frontend/paths"
)

// fourDoors are the ways on, the same everywhere and all alike (U11). The
// second leads to where paying over time begins, or to the plan that runs.
func fourDoors(b Base, plan string) []doors.Door {
	return []doors.Door{
		{Href: paths.Choose, Words: b.T("door.pay"), Icon: icon.Pay()},
		{Href: plan, Words: b.T("door.plan"), Icon: icon.Calendar()},
		{Href: helpPath(AboutWrong), Words: b.T("door.wrong"), Icon: icon.Flag()},
		{Href: helpPath(AboutHelp), Words: b.T("door.help"), Icon: icon.Hand()},
	}
}
