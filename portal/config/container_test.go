package config

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// root reads a file of the root of the repository.
func root(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// composition is what the tests read of compose.yaml.
type composition struct {
	Services map[string]service
	Networks map[string]struct{ Internal bool }
	Secrets  map[string]struct{ File string }
}

type service struct {
	Image       string
	User        string
	Command     []string
	Environment map[string]string
	Secrets     []string
	Ports       []string
	Networks    []string
	Tmpfs       []string
	CapDrop     []string `yaml:"cap_drop"`
	CapAdd      []string `yaml:"cap_add"`
	SecurityOpt []string `yaml:"security_opt"`
	ReadOnly    bool     `yaml:"read_only"`
	Privileged  bool
	NetworkMode string `yaml:"network_mode"`
	Memory      string `yaml:"mem_limit"`
	CPUs        float64
	Processes   int       `yaml:"pids_limit"`
	Healthcheck yaml.Node // the image's own where there is none
	Build       yaml.Node
}

func composed(t *testing.T) composition {
	t.Helper()
	var c composition
	if err := yaml.Unmarshal([]byte(root(t, "compose.yaml")), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Services) < 3 {
		t.Fatalf("compose.yaml has %d services", len(c.Services))
	}
	return c
}

// exact is an image by a tag that names one release, or by its digest.
var exact = regexp.MustCompile(`^[\w./-]+:\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$`)

// TestSEC05_ContainersHaveNoRightsBeyondTheirWork: no capability, no way to
// get one, nothing to write to, bounds on all they take, and one exact image.
func TestSEC05_ContainersHaveNoRightsBeyondTheirWork(t *testing.T) {
	t.Parallel()
	for name, s := range composed(t).Services {
		for what, holds := range map[string]bool{
			"drops all capabilities":    slices.Equal(s.CapDrop, []string{"ALL"}) && len(s.CapAdd) == 0,
			"gains none":                slices.Contains(s.SecurityOpt, "no-new-privileges:true") && !s.Privileged,
			"writes to no image":        s.ReadOnly && len(s.Tmpfs) > 0,
			"has bounds":                s.Memory != "" && s.CPUs > 0 && s.Processes > 0,
			"has a network of its own":  s.NetworkMode == "" && len(s.Networks) > 0,
			"is one exact image":        !s.Build.IsZero() || exact.MatchString(s.Image),
			"runs as nobody in special": !s.Build.IsZero() || s.User != "" && !strings.HasPrefix(s.User, "0"),
			"says whether it works":     !s.Build.IsZero() || !s.Healthcheck.IsZero(),
		} {
			if !holds {
				t.Errorf("%s: it is not so that it %s", name, what)
			}
		}
	}
}

// TestSEC05_TheDatabaseHasNoWayOutAndThePortalListensOnLoopback: TLS ends at a
// proxy on this machine, and nobody else reaches the plain port.
func TestSEC05_TheDatabaseHasNoWayOutAndThePortalListensOnLoopback(t *testing.T) {
	t.Parallel()
	c := composed(t)
	for name, s := range c.Services {
		for _, port := range s.Ports {
			if name != "portal" || !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s opens %s", name, port)
			}
		}
		for _, network := range s.Networks {
			if name != "portal" && !c.Networks[network].Internal {
				t.Errorf("%s is in the network %s, which leads out", name, network)
			}
		}
	}
}

// TestSEC08_EverySecretComesAsAFileAndGoesToWhoNeedsItAlone: each secret is
// handed on as a file, to the services that name it and to no other.
func TestSEC08_EverySecretComesAsAFileAndGoesToWhoNeedsItAlone(t *testing.T) {
	t.Parallel()
	c := composed(t)
	for name, s := range c.Services {
		var needed []string
		for variable, value := range s.Environment {
			if file, ok := strings.CutPrefix(value, "/run/secrets/"); ok && strings.HasSuffix(variable, "_FILE") {
				needed = append(needed, file)
			}
		}
		slices.Sort(needed)
		if given := slices.Sorted(slices.Values(s.Secrets)); !slices.Equal(needed, given) {
			t.Errorf("%s is given %v and reads %v", name, given, needed)
		}
		for _, v := range Variables {
			if _, plain := s.Environment[v.Name]; v.Secret && plain {
				t.Errorf("%s gets the secret %s in its environment", name, v.Name)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File != "./secrets/"+secret {
				t.Errorf("%s: the secret %s comes from %q", name, secret, c.Secrets[secret].File)
			}
		}
	}
	for _, needs := range []string{"stripe_secret_key", "smtp_url"} {
		if slices.Contains(c.Services["migrate"].Secrets, needs) || slices.Contains(c.Services["database"].Secrets, needs) {
			t.Errorf("%s goes to more than the portal", needs)
		}
	}
}

// TestThePortalStartsFromWhatComposeHandsOn loads the settings as a container
// gets them: what is asked for is there, and secrets nobody has are empty files.
func TestThePortalStartsFromWhatComposeHandsOn(t *testing.T) {
	t.Parallel()
	given := map[string]string{
		"PORTAL_PUBLIC_URL": "https://pay.acme.example", "PORTAL_AGENCY_NAME": "Acme", "PORTAL_AGENCY_ADDRESS": "1 Main Street;Columbus, OH 43004",
		"PORTAL_AGENCY_PHONE": "(800) 555-0100", "STRIPE_PUBLISHABLE_KEY": "pk_test_abcdefghijkl",
	}
	files := map[string]string{
		"database_url": "postgres://portal:0123456789abcdef@database/portal\n", "portal_key": "kJ8s0Zq2LmN4pQ6rS8tU0vW2xY4zA6bC8dE0fG2hI4jK",
		"stripe_secret_key": "sk_test_abcdefghijkl", "stripe_webhook_secret": "whsec_abcdefghijklmnopqrst",
	}
	environment := composed(t).Services["portal"].Environment
	c, err := Load(Environment{
		Lookup: func(name string) (string, bool) {
			value, set := environment[name]
			if given, ok := given[name]; ok && (value == "" || strings.HasPrefix(value, "${")) {
				return given, set
			}
			if otherwise, ok := strings.CutPrefix(value, "${"+name+":-"); ok {
				return strings.TrimSuffix(otherwise, "}"), set
			}
			return value, set && value != ""
		},
		ReadFile: func(path string) ([]byte, error) {
			name, ok := strings.CutPrefix(path, "/run/secrets/")
			if !ok {
				return nil, fs.ErrNotExist
			}
			return []byte(files[name]), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.SMTP != "" || c.Twilio.Enabled() || c.PreviousSecret != "" {
		t.Error("an empty file is not as none")
	}
}

// TestTheImageHoldsTheBinaryAndNothingOfTheSources: what is built from is an
// exact image; what is shipped begins with nothing, and no history and no secret
// is there when it is built (ASVS 13.4.1).
func TestTheImageHoldsTheBinaryAndNothingOfTheSources(t *testing.T) {
	t.Parallel()
	stages := strings.Split(root(t, "Dockerfile"), "\nFROM ")
	if len(stages) != 3 {
		t.Fatalf("the Dockerfile has %d stages", len(stages)-1)
	}
	if image, _, _ := strings.Cut(stages[1], " "); !exact.MatchString(image) || !regexp.MustCompile(`:\d+\.\d+\.\d+`).MatchString(image) {
		t.Errorf("it is built by %s", image)
	}
	shipped := stages[2]
	if !strings.HasPrefix(shipped, "scratch\n") {
		t.Error("what is shipped begins with more than nothing")
	}
	for _, line := range strings.Split(shipped, "\n") {
		if strings.HasPrefix(line, "COPY ") && !strings.HasPrefix(line, "COPY --from=build ") || strings.HasPrefix(line, "ADD ") {
			t.Errorf("sources are shipped: %s", line)
		}
	}
	if user := regexp.MustCompile(`(?m)^USER ([1-9]\d+):([1-9]\d+)$`); !user.MatchString(shipped) || !strings.Contains(shipped, "\nHEALTHCHECK ") {
		t.Error("it runs as root, or does not say whether it works")
	}
	ignored := strings.Split(root(t, ".dockerignore"), "\n")
	for _, folder := range []string{".git", "secrets", "data"} {
		if !slices.Contains(ignored, folder) {
			t.Errorf("%s goes into the build", folder)
		}
	}
}

// TestTheComposeFileHandsOnEverySettingAndContradictsNone holds compose.yaml to
// the table of settings, and both it and the image to one source for each.
func TestTheComposeFileHandsOnEverySettingAndContradictsNone(t *testing.T) {
	t.Parallel()
	passed := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^ +((?:PORTAL|STRIPE|TWILIO)_[A-Z0-9_]+):`).FindAllStringSubmatch(root(t, "compose.yaml"), -1) {
		passed[found[1]] = true
	}
	image := map[string]bool{}
	for _, found := range regexp.MustCompile(`(PORTAL_[A-Z_]+)=`).FindAllStringSubmatch(root(t, "Dockerfile"), -1) {
		image[found[1]] = true
	}
	for _, v := range Variables {
		plain, file := passed[v.Name] || image[v.Name], passed[v.Name+"_FILE"]
		if !plain && !file {
			t.Errorf("compose.yaml does not hand on %s", v.Name)
		}
		if plain && file {
			t.Errorf("%s is set as it is and as a file, which no portal starts with", v.Name)
		}
		delete(passed, v.Name)
		delete(passed, v.Name+"_FILE")
	}
	for name := range passed {
		t.Errorf("compose.yaml sets %s, which nothing reads", name)
	}
}
