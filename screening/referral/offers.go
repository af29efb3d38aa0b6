package referral

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// State says what became of an offer.
type State string

// The states. NotAvailable is the one that is counted where services are missing.
const (
	Offered      State = "offered"
	Accepted     State = "accepted"
	Declined     State = "declined"
	NotAvailable State = "not_available"
)

var states = []State{Offered, Accepted, Declined, NotAvailable}

// States lists the states.
func States() []State { return slices.Clone(states) }

// Offers says by kind of help what became of it. It is written as one flat object, so that it can be the note of an
// event or a part of an addendum; a later one goes before an earlier one, kind by kind.
type Offers map[Service]State

// ParseOffers reads words of the form service=state.
func ParseOffers(words []string) (Offers, error) {
	offers := Offers{}
	for _, word := range words {
		service, state, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not written as service=state", word)
		}
		if offers[Service(service)] != "" {
			return nil, fmt.Errorf("%q is there twice", service)
		}
		offers[Service(service)] = State(state)
	}
	return offers, offers.Check()
}

// Check refuses what no program of ours writes.
func (o Offers) Check() error {
	for _, service := range slices.Sorted(maps.Keys(o)) {
		if !service.Known() {
			return fmt.Errorf("there is no service %q; known are %s", service, join(services))
		}
		if !slices.Contains(states, o[service]) {
			return fmt.Errorf("%q has the unknown state %q; known are %s", service, o[service], join(states))
		}
	}
	return nil
}

func join[T ~string](words []T) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = string(word)
	}
	return strings.Join(all, ", ")
}

// Over gives the offers after a later account of them.
func (o Offers) Over(later Offers) Offers {
	sum := maps.Clone(o)
	if sum == nil {
		sum = Offers{}
	}
	maps.Copy(sum, later)
	return sum
}

// Count counts for each kind of help how often it ended in each state. It is for gaps in services; small numbers must not
// leave the laptop (package statistics decides that).
func Count(people []Offers) map[Service]map[State]int {
	counts := map[Service]map[State]int{}
	for _, one := range people {
		for service, state := range one {
			if counts[service] == nil {
				counts[service] = map[State]int{}
			}
			counts[service][state]++
		}
	}
	return counts
}
