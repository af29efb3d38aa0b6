package report_test

import (
	"errors"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"tipscreen/screening"
	"tipscreen/screening/report"
)

var bracketed = regexp.MustCompile(`(?s)⟦.*?⟧`)

// TestNoEnglishLeftOver: in the pseudo language every word of a paper stands in its brackets. A word outside them would be
// English for everybody.
func TestNoEnglishLeftOver(t *testing.T) {
	t.Parallel()
	for _, kind := range report.Kinds() {
		text := visible(made(t, kind, of(facts(t), kind), language(t, "en-XA")), false)
		rest := bracketed.ReplaceAllString(text, "")
		if found := strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) }); len(found) > 0 {
			t.Errorf("%s says outside its words: %q", kind, found)
		}
	}
}

// TestPapersInEveryLanguage: each can be made alone and beside English, bears the head of the log and the number, and
// marks a translation that nobody reviewed.
func TestPapersInEveryLanguage(t *testing.T) {
	t.Parallel()
	papers(t, func(kind report.Kind, one report.Language) {
		f := of(facts(t), kind)
		page := made(t, kind, f, one)
		both := made(t, kind, f, one, language(t, "en"))
		for _, p := range []string{page, both} {
			if !strings.Contains(p, f.Number) || !strings.Contains(p, f.Head) {
				t.Errorf("%s in %s lacks its number or the head of the log", kind, one.Tag)
			}
			for _, outside := range []string{"http://", "https://", "src=", "url(", "<script", "@import", "<link"} {
				if strings.Contains(p, outside) {
					t.Errorf("%s in %s reaches outside itself: %s", kind, one.Tag, outside)
				}
			}
		}
		if !strings.Contains(page, `lang="`+one.Tag+`"`) || !strings.Contains(both, `lang="en"`) {
			t.Errorf("%s in %s does not say its language", kind, one.Tag)
		}
		id, say := "sheet.draft", one.Official
		if kind.ForPerson() {
			id, say = "help.draft", one.Person
		}
		words, draft, err := say(id, nil)
		if err != nil || draft != strings.Contains(html.UnescapeString(page), words) {
			t.Errorf("%s in %s is marked as a draft: %v, want %v (%v)", kind, one.Tag, !draft, draft, err)
		}
	})
}

// TestRightToLeft: a language is written in its own direction, and what is data finds its own.
func TestRightToLeft(t *testing.T) {
	t.Parallel()
	turned := language(t, "en-XA")
	turned.RightToLeft = true
	f := facts(t)
	f.Contacts = "עזרה +972 1"
	page := made(t, report.Hold, of(f, report.Hold), turned, language(t, "en"))
	for _, want := range []string{`<html lang="en-XA" dir="rtl"`, `lang="en-XA" dir="rtl"`, `lang="en" dir="ltr"`, `dir="auto">עזרה +972 1</bdi>`} {
		if !strings.Contains(html.UnescapeString(page), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// TestWhatStandsWhere: the story and the answers only on the referral, the name only where it was asked for, an
// allegation nowhere.
func TestWhatStandsWhere(t *testing.T) {
	t.Parallel()
	f := facts(t)
	papers(t, func(kind report.Kind, one report.Language) {
		page := made(t, kind, of(f, kind), one)
		for canary, want := range map[string]bool{
			storyCanary: kind == report.Referral, noteCanary: kind == report.Referral, "OFFICIALSNOTE": kind == report.Referral,
			nameCanary:  kind == report.Referral || kind == report.Letter,
			phoneCanary: kind == report.Referral,
		} {
			if strings.Contains(page, canary) != want {
				t.Errorf("%s in %s shows %s: %v, want %v", kind, one.Tag, canary, !want, want)
			}
		}
		for _, item := range append([]string{"left_how"}, yes...) {
			title, _, err := "", false, error(nil)
			if one.Official != nil {
				title, _, err = one.Official("item."+item+".title", nil)
			}
			want := kind == report.Referral && item != "officials_helped_on_way"
			if title != "" && err == nil && strings.Contains(html.UnescapeString(page), title) != want {
				t.Errorf("%s in %s shows the item %s: %v, want %v", kind, one.Tag, item, !want, want)
			}
		}
	})
	// The page with the name is another one than the answers.
	page := made(t, report.Referral, f, language(t, "en"))
	if at := strings.Index(page, `class="row break"`); at < 0 || strings.Index(page, nameCanary) < at || strings.Index(page, storyCanary) > at {
		t.Error("the name does not stand on a page of its own")
	}
}

// TestConsent: what the person did not agree to cannot be made.
func TestConsent(t *testing.T) {
	t.Parallel()
	en := language(t, "en")
	for _, test := range []struct {
		what   string
		kind   report.Kind
		change func(*report.Facts)
		layer  string
	}{
		{"a referral without consent to pass it on", report.Referral, func(f *report.Facts) { f.Record.Consents["share"] = "no" }, "share"},
		{"a referral that was put off", report.Referral, func(f *report.Facts) { f.Record.Consents["share"] = "later" }, "share"},
		{"a name that was not agreed to", report.Referral, func(f *report.Facts) { delete(f.Record.Consents, "identity") }, "identity"},
		{"a name in a letter that was not agreed to", report.Letter, func(f *report.Facts) { f.Record.Consents["identity"] = "no" }, "identity"},
		{"a name without a record", report.Letter, func(f *report.Facts) { f.Record, f.Claim = nil, true }, "identity"},
	} {
		f := facts(t)
		test.change(f)
		_, err := report.Make(test.kind, f, en)
		var consent *screening.ConsentError
		if !errors.As(err, &consent) || consent.Layers[0] != test.layer {
			t.Errorf("%s: %v", test.what, err)
		}
	}
	f := facts(t)
	f.Record.Consents["recontact"] = "no"
	if strings.Contains(made(t, report.Referral, f, en), phoneCanary) {
		t.Error("a contact stands there without consent to be contacted")
	}
	for _, kind := range []report.Kind{report.Hold, report.Help, report.Discreet} {
		if _, err := report.Make(kind, facts(t), en); err == nil {
			t.Errorf("a name was taken for the paper %s", kind)
		}
	}
}

// TestWithoutRecord: who wants no record gets the slip, the letter and the paper all the same.
func TestWithoutRecord(t *testing.T) {
	t.Parallel()
	en := language(t, "en")
	f := facts(t)
	f.Record, f.Identity = nil, nil
	if _, err := report.Make(report.Hold, f, en); !errors.Is(err, report.ErrNoHold) {
		t.Errorf("a hold slip without a reason: %v", err)
	}
	if _, err := report.Make(report.Referral, f, en); !errors.Is(err, report.ErrNoRecord) {
		t.Errorf("a referral of nothing: %v", err)
	}
	f.Claim = true
	for _, kind := range []report.Kind{report.Hold, report.Letter, report.Help, report.Discreet} {
		made(t, kind, f, en)
	}
	quiet := facts(t)
	quiet.Identity, quiet.Record.Assessment = nil, &screening.Assessment{Outcome: screening.NoSignsSoFar}
	if _, err := report.Make(report.Letter, quiet, en); !errors.Is(err, report.ErrNoHold) {
		t.Errorf("a letter without a reason: %v", err)
	}
	// Help depends on nothing: with other answers, or none, the paper for the person is the same.
	first, second := facts(t), *f
	first.Identity = nil
	if made(t, report.Help, first, en) != made(t, report.Help, &second, en) {
		t.Error("the paper for the person depends on the answers")
	}
}

// pointing are the words that must not stand on a paper that others may find.
var pointing = map[string]string{
	"en": `(?i)traffick|victim|police|exploit|crime|prosecut|immigration|scam`, "th": `ค้ามนุษย์|ตำรวจ|เหยื่อ|แสวงหาประโยชน์|อัยการ`, "vi": `(?i)buôn người|công an|cảnh sát|nạn nhân`,
	"id": `(?i)perdagangan orang|polisi|korban`, "ms": `(?i)pemerdagangan|polis|mangsa`, "zh-Hans": `贩卖|贩运|警|受害`, "zh-Hant": `販賣|販運|警|受害`, "my": `လူကုန်|ရဲ`, "km": `ជួញដូរ|ប៉ូលិស|នគរបាល`,
	"lo": `ຄ້າມະນຸດ|ຕຳຫຼວດ`, "hi": `तस्करी|पुलिस|पीड़ित`, "am": `ፖሊስ|ዝውውር`, "fil": `(?i)traffick|pulis|biktima`, "bn": `পাচার|পুলিশ`, "ur": `اسمگلنگ|پولیس`, "ar": `الاتجار|الشرطة`, "ru": `(?i)торговл|полици|жертв`, "sw": `(?i)usafirishaji haramu|polisi`,
}

// TestDiscreet: it names nothing that could point to the matter, and neither the unit nor a contact that was not written
// for such a paper.
func TestDiscreet(t *testing.T) {
	t.Parallel()
	f := of(facts(t), report.Discreet)
	f.Place.Country = "KH" // the police line of the directory has no name for such a paper
	f.Contacts = "Police Lieutenant X"
	checked := 0
	for _, tag := range catalog.Languages() {
		page := strings.ReplaceAll(visible(made(t, report.Discreet, f, language(t, tag)), true), "\u200b", "")
		if strings.Contains(page, "117") || strings.Contains(page, "Lieutenant") {
			t.Errorf("in %s the paper names the unit or a police line:\n%s", tag, page)
		}
		pattern, known := pointing[tag]
		if !known {
			continue
		}
		checked++
		if found := regexp.MustCompile(pattern).FindString(page); found != "" {
			t.Errorf("in %s the paper says %q", tag, found)
		}
	}
	if checked < 2 {
		t.Errorf("only %d languages were checked", checked)
	}
}

// TestHostileWords: what people write comes out whole and as text, in every script, and turns nothing around it.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "สมชาย ใจดี", "သူဇာ", "សុខា", "ສົມ", "अनिता", "አበበ", "محمد علي", "張偉", "O’Brien & Söhne", "a\u202eb", "{{.Head}}",
		strings.Repeat("长名 ", 3300) + "END",
	} {
		f := facts(t)
		f.Identity.Events[0].Note, f.Record.Events[1].Note = words, words
		page := made(t, report.Referral, f, language(t, "en"))
		if n := strings.Count(html.UnescapeString(page), words); n != 2 {
			t.Errorf("%.20q stands there %d times, want 2", words, n)
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "<img") {
			t.Errorf("%.20q became part of the page", words)
		}
	}
}

// TestStaleContacts: on every paper with contacts an old one says so.
func TestStaleContacts(t *testing.T) {
	t.Parallel()
	f := facts(t)
	for _, kind := range []report.Kind{report.Help, report.Discreet, report.Referral} {
		if !strings.Contains(made(t, kind, of(f, kind), language(t, "en")), "last checked 2025-07; it may have changed") {
			t.Errorf("%s hides that a contact is old", kind)
		}
	}
}

func TestLanguagesOfAPaper(t *testing.T) {
	t.Parallel()
	en := language(t, "en")
	for n, languages := range map[int][]report.Language{0: nil, 3: {en, en, en}} {
		if _, err := report.Make(report.Help, of(facts(t), report.Help), languages...); err == nil {
			t.Errorf("a paper in %d languages was made", n)
		}
	}
	broken := en
	broken.Person = func(id string, _ map[string]any) (string, bool, error) { return "", false, errors.New("no " + id) }
	if _, err := report.Make(report.Help, of(facts(t), report.Help), broken); err == nil {
		t.Error("a missing sentence was passed over")
	}
}
