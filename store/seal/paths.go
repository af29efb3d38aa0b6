package seal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ErrTargetLost means that nothing more can be had of a target for now, as after a stick was pulled out: it is not about
// one file.
var ErrTargetLost = errors.New("the target is lost")

// Names at a target (§20). They say for which agency and from which laptop something is, and nothing else.

// BoxOf is where everything of an agency stands; many agencies can share one target.
func BoxOf(root [32]byte) string { return "tipscreen-1/" + hex.EncodeToString(root[:16]) + "/" }

// BundlesOf is where the bundles of an agency stand, or, with a device, those of one laptop.
func BundlesOf(root [32]byte, device string) string {
	if device == "" {
		return BoxOf(root) + "from/"
	}
	return BoxOf(root) + "from/" + device + "/"
}

// ReceiptPath is the name of a receipt. A laptop can ask for it without being allowed to list.
func ReceiptPath(root [32]byte, device string, number uint64) string {
	return fmt.Sprintf("%sreceipts/%s/%d.tsr", BoxOf(root), device, number)
}

// ReleasePath is the name of a release, by the version of its keyset.
func ReleasePath(root [32]byte, version uint32) string {
	return fmt.Sprintf("%sreleases/%d.tsl", BoxOf(root), version)
}

// SplitBundlePath takes the name of a bundle apart; false if it is none.
func SplitBundlePath(root [32]byte, name string) (device, file string, ok bool) {
	rest, ok := strings.CutPrefix(name, BundlesOf(root, ""))
	if !ok {
		return "", "", false
	}
	device, file, ok = strings.Cut(rest, "/")
	if _, err := ParseID(device); err != nil || !ok || !IsBundleName(file) {
		return "", "", false
	}
	return device, file, true
}
