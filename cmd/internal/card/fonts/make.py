#!/usr/bin/env python3
"""Makes the fonts of this folder from Noto fonts, and coverage.txt, which says which characters each of them has.

On Debian: apt-get install fonts-noto-core fonts-noto-extra fonts-noto-cjk python3-fonttools python3-brotli
Then, in this folder: /usr/bin/python3 make.py
"""
import glob
import os

from fontTools import subset
from fontTools.ttLib import TTFont

TRUETYPE = "/usr/share/fonts/truetype/noto/"
CJK = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def letters(*ranges):
    return {c for first, last in ranges for c in range(first, last + 1)}


# What may stand between the letters of any script: spaces, dashes, quotes, and the marks that join or part letters.
COMMON = letters((0x20, 0x20), (0xA0, 0xA0), (0x200B, 0x200D), (0x25CC, 0x25CC))
WHOLE = {
    "latin": ("NotoSans-Regular.ttf", letters((0x20, 0x24F), (0x300, 0x36F), (0x400, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2190, 0x2193), (0x2212, 0x2212))),
    "thai": ("NotoSansThai-Regular.ttf", letters((0x0E00, 0x0E7F))),
    "lao": ("NotoSansLao-Regular.ttf", letters((0x0E80, 0x0EFF))),
    "khmer": ("NotoSansKhmer-Regular.ttf", letters((0x1780, 0x17FF), (0x19E0, 0x19FF))),
    "myanmar": ("NotoSansMyanmar-Regular.ttf", letters((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))),
    "devanagari": ("NotoSansDevanagari-Regular.ttf", letters((0x0900, 0x097F), (0xA8E0, 0xA8FF))),
    "bengali": ("NotoSansBengali-Regular.ttf", letters((0x0964, 0x0965), (0x0980, 0x09FF))),
    "ethiopic": ("NotoSansEthiopic-Regular.ttf", letters((0x1200, 0x139F), (0x2D80, 0x2DDF))),
    "arabic": ("NotoSansArabic-Regular.ttf", letters((0x0600, 0x06FF), (0x0750, 0x077F), (0xFD3E, 0xFD3F), (0xFDFC, 0xFDFC))),
    "urdu": ("NotoNastaliqUrdu-Regular.ttf", letters((0x0600, 0x06FF), (0x0750, 0x077F))),
}


def messages(*tags):
    """Every character of the words that people read in these languages; officials have fonts of their own language."""
    return {ord(c) for tag in tags for name in glob.glob(f"../../../../locales/{tag}/person.json") for c in open(name, encoding="utf-8").read()}


def han(c):
    return 0x2E80 <= c <= 0x9FFF or 0xF900 <= c <= 0xFAFF or 0xFE30 <= c <= 0xFE4F or 0xFF00 <= c <= 0xFFEF or 0x3000 <= c <= 0x303F


PUNCTUATION = letters((0x3000, 0x303F), (0xFF01, 0xFF5E), (0xFE30, 0xFE4F))
# The Han characters of the words alone: a whole set would be larger than everything else together.
FACES = {"hans": (2, PUNCTUATION | messages("zh*Hans*", "zh", "zh-CN")), "hant": (3, PUNCTUATION | messages("zh*Hant*", "zh-TW", "zh-HK"))}


def write(name, font, wanted, features=("*",)):
    options = subset.Options()
    options.flavor, options.layout_features, options.hinting = "woff2", list(features), False
    options.name_IDs, options.notdef_outline, options.with_zopfli = [0, 1, 2, 13, 14], True, False
    options.drop_tables += ["FFTM", "VORG", "vhea", "vmtx"]
    maker = subset.Subsetter(options)
    maker.populate(unicodes=wanted)
    maker.subset(font)
    subset.save_font(font, name + ".woff2", options)
    have = sorted(c for c in font.getBestCmap() if c >= 0x20)
    print(name, os.path.getsize(name + ".woff2"), len(have))
    return have


def ranges(codes):
    out, first, last = [], None, None
    for c in codes + [None]:
        if first is not None and c != last + 1 if c is not None else first is not None:
            out.append(f"{first:X}" if first == last else f"{first:X}-{last:X}")
            first = None
        if first is None:
            first = c
        last = c
    return " ".join(out)


def main():
    lines = []
    for name, (file, wanted) in WHOLE.items():
        lines.append(f"{name} {ranges(write(name, TTFont(TRUETYPE + file), wanted | COMMON))}")
    for name, (face, wanted) in FACES.items():
        wanted = {c for c in wanted if han(c)}
        lines.append(f"{name} {ranges(write(name, TTFont(CJK, fontNumber=face), wanted, ['ccmp', 'locl']))}")
    with open("coverage.txt", "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


main()
