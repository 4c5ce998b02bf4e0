package app

import "runtime/debug"

// Release is the version of this source; commit is set by builds that have no
// history beside them, such as that of the image.
const Release = "0.1.0"

var commit = unknown

const unknown = "unknown"

// Source is the commit that this binary was built from: what the build said, or
// else what Go wrote into the binary.
func Source() string {
	info, ok := debug.ReadBuildInfo()
	if commit != unknown || !ok {
		return commit
	}
	return stamped(info.Settings)
}

// stamped reads the first twelve characters of the commit, and whether files
// were changed since.
func stamped(settings []debug.BuildSetting) string {
	name, changed := unknown, ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			name = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changes"
		}
	}
	return name + changed
}
