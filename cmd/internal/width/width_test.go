package width_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tipscreen/cmd/internal/width"
)

// samples say roughly the same in scripts that terminals measure differently. Thai and Khmer carry U+200B between words.
var samples = map[string]string{
	"en": "Before we finish: would you like some water or tea, or a moment to sit quietly?",
	"th": "ก่อน\u200bจบ\u200bการ\u200bสนทนา\u200b คุณ\u200bอยาก\u200bดื่ม\u200bน้ำ\u200bหรือ\u200bชา\u200bไหม\u200b หรือ\u200bอยาก\u200bนั่ง\u200bเงียบ ๆ\u200b สักครู่\u200bไหม",
	"t0": "ก่อนจบการสนทนาคุณอยากดื่มน้ำหรือชาไหมหรืออยากนั่งเงียบๆสักครู่ไหม",
	"km": "មុន\u200bពេល\u200bបញ្ចប់\u200b តើ\u200bអ្នក\u200bចង់\u200bបាន\u200bទឹក\u200bឬ\u200bតែ\u200bទេ\u200b ឬ\u200bចង់\u200bអង្គុយ\u200bស្ងៀម\u200bបន្តិច",
	"my": "မပြီးခင် ရေ သို့မဟုတ် လက်ဖက်ရည် သောက်ချင်ပါသလား သို့မဟုတ် ခဏ တိတ်တိတ်လေး ထိုင်ချင်ပါသလား",
	"lo": "ກ່ອນຈະຈົບທ່ານຢາກດື່ມນ້ຳຫຼືຊາບໍຫຼືຢາກນັ່ງງຽບໆຈັກບຶດ",
	"hi": "समाप्त करने से पहले क्या आप थोड़ा पानी या चाय लेना चाहेंगे या थोड़ी देर चुपचाप बैठना चाहेंगे?",
	"bn": "শেষ করার আগে আপনি কি একটু জল বা চা চান, নাকি একটু চুপ করে বসতে চান?",
	"ar": "قبل أن ننتهي: هل تريد بعض الماء أو الشاي، أو لحظة للجلوس بهدوء؟ رقم 123 هنا.",
	"am": "ከመጨረሳችን በፊት ውሃ ወይም ሻይ ትፈልጋለህ ወይስ ጥቂት ጊዜ በጸጥታ መቀመጥ?",
	"zh": "在我们结束之前：你想喝点水或茶，还是安静地坐一会儿？",
	"vi": "Trước khi kết thúc: bạn có muốn uống chút nước hoặc trà, hay ngồi yên một lúc không?",
	"xx": "averyveryveryveryveryverylongwordwithoutanyplacetobreak 👩‍👩‍👧 ☎️ 🇹🇭🇰🇭",
}

func TestOf(t *testing.T) {
	for text, want := range map[string]int{
		"abc": 3, "": 0, "ก่อน": 3, "น้ำ": 2, "เงียบ ๆ": 6, "在我们": 6, "e\u0301": 1, "คน\u200bดี": 3, "ស្ត្រី": 3, "का": 2, "\t": 1,
	} {
		if got := width.Of(text); got != want {
			t.Errorf("Of(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestWrapFitsAndLosesNothing(t *testing.T) {
	for name, text := range samples {
		whole := strings.ReplaceAll(width.Clean(text), " ", "")
		for columns := 6; columns <= 100; columns++ {
			lines := width.Wrap(text, columns)
			if got := strings.ReplaceAll(strings.Join(lines, ""), " ", ""); got != whole {
				t.Fatalf("%s at %d: lost something:\n%q\n%q", name, columns, got, whole)
			}
			for _, line := range lines {
				if width.Of(line) > columns || ansi.StringWidth(line) > columns {
					t.Errorf("%s at %d: %q takes %d cells", name, columns, line, width.Of(line))
				}
			}
			if !wholeUnits(text, lines) {
				t.Errorf("%s at %d: a sign was split: %q", name, columns, lines)
			}
		}
	}
}

// wholeUnits tells whether each line consists of units of the whole text.
func wholeUnits(text string, lines []string) bool {
	want := slices.DeleteFunc(width.Units(width.Clean(text)), func(u string) bool { return strings.TrimSpace(u) == "" })
	var got []string
	for _, line := range lines {
		got = append(got, slices.DeleteFunc(width.Units(line), func(u string) bool { return strings.TrimSpace(u) == "" })...)
	}
	return slices.Equal(got, want)
}

func TestWrapBreaksAtMarks(t *testing.T) {
	allowed, at := map[int]bool{}, 0
	for _, word := range strings.FieldsFunc(samples["th"], func(r rune) bool { return r == '\u200b' || r == ' ' }) {
		at += len(word)
		allowed[at] = true
	}
	at = 0
	for _, line := range width.Wrap(samples["th"], 20) {
		if at += len(strings.ReplaceAll(line, " ", "")); !allowed[at] {
			t.Errorf("broken inside a word: %q", line)
		}
	}
	got := width.Wrap("one two  \nthree", 5)
	if want := []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := width.Wrap("", 10); len(got) != 1 || got[0] != "" {
		t.Errorf("an empty text gives %q", got)
	}
}

func TestHang(t *testing.T) {
	got := width.Hang("  - one two three", 10)
	if want := []string{"  - one", "    two", "    three"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCut(t *testing.T) {
	for name, text := range samples {
		for columns := range 30 {
			if got := width.Cut(text, columns); width.Of(got) > columns {
				t.Errorf("%s at %d: %q", name, columns, got)
			}
		}
	}
}

func TestCleanKeepsCommandsFromTheTerminal(t *testing.T) {
	if got := width.Clean("a\x1b[2J\u202eb\u200bc\td\x9b"); got != "a[2Jbc d" {
		t.Errorf("got %q", got)
	}
}

func TestVisual(t *testing.T) {
	for _, test := range []struct {
		line string
		rtl  bool
		want string
	}{
		{"abc", false, "abc"},
		{"אבג", true, "גבא"},
		{"אב 12 גד", true, "דג 12 בא"},
		{"yes / אבג", false, "yes / גבא"},
		{"a אב 12 גד b", false, "a דג 12 בא b"},
		{"(אב)", true, "(בא)"},
	} {
		if got := width.Visual(test.line, test.rtl); got != test.want {
			t.Errorf("Visual(%q, %v) = %q, want %q", test.line, test.rtl, got, test.want)
		}
	}
	if !width.RightToLeft("12 قبل") || width.RightToLeft("a قبل") {
		t.Error("the direction comes from the first letter")
	}
}
