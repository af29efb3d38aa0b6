package main

import (
	"errors"
	"fmt"
	"strings"

	"tipscreen/cmd/internal/session"
	"tipscreen/indicators"
	"tipscreen/locales"
	"tipscreen/screening"
	"tipscreen/screening/export"
	"tipscreen/screening/report"
	"tipscreen/store"
	"tipscreen/store/agency"
	"tipscreen/store/seal"
	"tipscreen/store/transfer"
)

// report tells the user what went wrong, in one line where the error is a known one: what happened, what was kept, what
// to try. The problems of data files are a line each.
func (e *env) report(err error) {
	var data indicators.Problems
	var words locales.Problems
	switch {
	case errors.As(err, &data):
		for _, problem := range data {
			fmt.Fprintln(e.err, problem)
		}
		return
	case errors.As(err, &words):
		for _, problem := range words {
			fmt.Fprintln(e.err, problem)
		}
		return
	}
	var damage *store.DamageError
	if errors.As(err, &damage) {
		e.reportDamage(damage)
		return
	}
	fmt.Fprintln(e.err, "tipscreen: "+e.sentence(err))
}

// sentence says an error in one line: in the official's language where it is a known one.
func (e *env) sentence(err error) string {
	var consent *screening.ConsentError
	if errors.As(err, &consent) {
		return e.say("error.no_consent", map[string]any{"Layers": e.layers(consent.Layers)})
	}
	for _, known := range []struct {
		err error
		id  string
	}{
		{errSyncInterrupted, "error.sync_interrupted"}, {errAlone, "error.alone"}, {errNotReceived, "error.not_received"}, {agency.ErrNothing, "error.nothing_received"},
		{agency.ErrKey, "error.agency_key"}, {store.ErrReceipt, "error.receipt"}, {errRelease, "error.release"}, {seal.ErrSignature, "error.release"},
		{transfer.ErrNotThere, "error.target.not_there"}, {transfer.ErrOtherStick, "error.target.other_stick"}, {transfer.ErrFull, "error.target.full"},
		{transfer.ErrReadOnly, "error.target.read_only"}, {transfer.ErrRefused, "error.target.refused"}, {transfer.ErrChanged, "error.target.changed"},
		{transfer.ErrHostile, "error.target.hostile"}, {transfer.ErrOffline, "error.target.offline"}, {transfer.ErrTooBig, "error.target.too_big"},
		{transfer.ErrPlainHTTP, "error.target.plain"}, {transfer.ErrAddress, "error.target.address"}, {transfer.ErrInside, "error.target.inside"},
		{transfer.ErrName, "error.target.name"}, {transfer.ErrNoTarget, "error.target.none"}, {transfer.ErrTaken, "error.target.taken"},
		{transfer.ErrCertificate, "error.target.certificate"},
		{errCodeElsewhere, "error.code_elsewhere"}, {store.ErrWrongPassphrase, "error.passphrase"}, {store.ErrCode, "error.code"}, {store.ErrInUse, "error.in_use"},
		{store.ErrNoStore, "error.no_store"}, {store.ErrExists, "error.exists"}, {store.ErrNotFound, "error.not_found"},
		{store.ErrAmbiguous, "error.ambiguous"}, {session.ErrNotForgotten, "error.not_forgotten"}, {session.ErrNotKept, "error.not_kept"}, {errNothingKept, "error.nothing_kept"},
		{errMockBrokenOff, "training.broken_off"}, {errBrokenOff, "error.broken_off"},
		{session.ErrInterrupted, "error.interrupted"}, {store.ErrFull, "error.full"}, {store.ErrPermission, "error.permission"},
		{store.ErrReadOnly, "error.permission"}, {errNoDraft, "error.no_draft"},
		{store.ErrHandleTaken, "error.handle_taken"}, {store.ErrNoOfficer, "error.no_officer"}, {store.ErrOwnSlot, "error.own_slot"},
		{store.ErrTooManyOfficers, "error.officers_full"}, {store.ErrEmptyPassphrase, "error.empty_passphrase"}, {errShort, "setup.passphrase.short"},
		{errNotSafe, "error.not_safe"}, {report.ErrNoHold, "error.no_hold"}, {errNoBrowser, "error.no_browser"}, {export.ErrProfile, "error.no_profile"},
		{errNotDestroyed, "error.not_destroyed"}, {errNoWords, "error.no_words"},
		{errFingerprint, "error.fingerprint"}, {errSecretFile, "error.secret_file"}, {errNotAcknowledged, "error.not_acknowledged"},
		{store.ErrOtherRoot, "error.other_root"}, {store.ErrOldKeyset, "error.old_keyset"}, {store.ErrKeyset, "error.keyset"},
		{store.ErrNoKeyset, "error.no_keyset"}, {store.ErrNotAgency, "error.not_agency"}, {store.ErrNoOversight, "error.no_oversight"},
		{store.ErrClock, "error.clock"}, {store.ErrSealed, "error.sealed"}, {agency.ErrExists, "error.agency_exists"}, {agency.ErrNone, "error.no_agency"},
	} {
		if errors.Is(err, known.err) {
			return e.say(known.id, nil)
		}
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// layers names layers of consent in the official's language.
func (e *env) layers(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = e.say("consent."+id+".title", nil)
	}
	return strings.Join(names, ", ")
}

// reportDamage names what was found, what came back and what is lost.
func (e *env) reportDamage(damage *store.DamageError) {
	fmt.Fprintln(e.err, "tipscreen: "+e.say("error.damaged", map[string]any{"Restored": len(damage.Restored), "Lost": len(damage.Lost)}))
	for _, problem := range damage.Problems {
		fmt.Fprintln(e.err, "  - "+problem)
	}
	for _, loss := range damage.Lost {
		fmt.Fprintf(e.err, "  - %s %s: %d/%d\n", loss.What, reference(loss.ID), loss.Have, loss.Had)
	}
}

// say gives a sentence of the program itself in the official's language, as far as it is known.
func (e *env) say(id string, data map[string]any) string {
	catalog := e.catalog()
	for _, tag := range []string{e.language(catalog.Languages()), "en"} {
		speaker, err := catalog.Speaker(tag, locales.Official)
		if err != nil {
			continue
		}
		if text, err := speaker.Say(id, data); err == nil {
			return strings.ReplaceAll(text.Words, "\u200b", "")
		}
	}
	return id
}
