package main

import (
	"quittance/frontend/locale"
	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

type words struct{}

func newWords(*locale.Book, string, string) words { return words{} }
func (words) LinkText(language string, ch contact.Channel, l identity.LinkWords) (notice.Text, error) {
	return notice.Text{Plain: l.URL}, nil
}
func (words) StepUpText(language string, ch contact.Channel, digits string) (notice.Text, error) {
	return notice.Text{Plain: digits}, nil
}
