"use strict";
// The pictograms, in a square of 24: paths of lines. What turns points onward and is mirrored from right to left.
const pictures = {
  yes: ["M4 13l5 6L20 5"],
  no: ["M5 5l14 14", "M19 5L5 19"],
  skip: ["M3 18v-3a7 7 0 0 1 14 0v2", "M12 14l5 5 5-5"],
  unclear: ["M3 9c3-4 6 4 9 0s6 4 9 0", "M3 16c3-4 6 4 9 0s6 4 9 0"],
  unknown: ["M8 8a4 4 0 1 1 6 3.5c-1.5 1-2 1.5-2 3", "M12 19.5v.1"],
  back: ["M20 12H4", "M10 5l-7 7 7 7"],
  go: ["M4 12h16", "M14 5l7 7-7 7"],
  pause: ["M8 5v14", "M16 5v14"],
  stop: ["M6 6h12v12H6z"],
  give: ["M3 8h8v11H3z", "M14 13h8", "M18 9l4 4-4 4"],
  sound: ["M4 9v6h4l5 4V5L8 9z", "M17 8c2 2 2 6 0 8"],
};
const turning = ["skip", "back", "go", "give", "sound"];
