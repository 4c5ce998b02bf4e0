package web

import "strings"

// systems and browsers are looked for in what a browser says of itself, in this
// order: most of them claim to be those below them.
var (
	systems = []struct{ says, is string }{
		{"iPhone", "iphone"}, {"iPad", "ipad"}, {"Android", "android"}, {"CrOS", "chromebook"},
		{"Windows", "windows"}, {"Macintosh", "mac"}, {"Linux", "linux"},
	}
	browsers = []struct{ says, is string }{
		{"Edg", "edge"}, {"OPR/", "opera"}, {"SamsungBrowser", "samsung"}, {"Firefox", "firefox"}, {"FxiOS", "firefox"},
		{"CriOS", "chrome"}, {"Chrome", "chrome"}, {"Safari", "safari"},
	}
)

// Device is what the visitor's browser is, in words of ours: "android chrome".
// It tells a person their own sessions apart and is too coarse to tell people
// apart; what fits no word is left out.
func (v Visitor) Device() string {
	var words []string
	for _, list := range [][]struct{ says, is string }{systems, browsers} {
		for _, one := range list {
			if strings.Contains(v.UserAgent, one.says) {
				words = append(words, one.is)
				break
			}
		}
	}
	return strings.Join(words, " ")
}
