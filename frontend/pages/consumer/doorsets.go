package consumer

import (
	"quittance/frontend/components/doors"
	"quittance/frontend/components/icon"
	"quittance/frontend/paths"
)

// fourDoors are the ways on, the same everywhere and all alike (U11).
func fourDoors(b Base) []doors.Door {
	return []doors.Door{
		{Href: paths.Choose, Words: b.T("door.pay"), Icon: icon.Pay()},
		{Href: helpPath(AboutPlan), Words: b.T("door.plan"), Icon: icon.Calendar()},
		{Href: helpPath(AboutWrong), Words: b.T("door.wrong"), Icon: icon.Flag()},
		{Href: helpPath(AboutHelp), Words: b.T("door.help"), Icon: icon.Hand()},
	}
}
