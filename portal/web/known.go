package web

import "quittance/portal/identity"

// From is where a try to sign in comes from, as identity counts it.
func (r *Request) From() identity.Visitor {
	return identity.Visitor{Address: r.Visitor().IP.String(), Browser: r.visit(), Mark: r.cookie(cookieKnown)}
}

// SetMark keeps what tells this browser from strangers' when its owner comes
// again. It opens nothing.
func (r *Request) SetMark(mark string) { r.setCookie(cookieKnown, mark, identity.KnownFor) }

// StaffFrom is From at the console.
func (r *Request) StaffFrom() identity.Visitor {
	from := r.From()
	from.Mark = r.cookie(cookieKnownStaff)
	return from
}

// SetStaffMark is SetMark at the console.
func (r *Request) SetStaffMark(mark string) { r.setCookie(cookieKnownStaff, mark, identity.KnownFor) }
