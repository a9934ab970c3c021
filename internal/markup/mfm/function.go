package mfm

import (
	"strconv"
	"strings"
)

// ClassPrefix begins the class of a span that stands for an MFM function, and
// DataPrefix the attributes with its arguments (FEP-c16b).
const (
	ClassPrefix = "mfm-"
	DataPrefix  = "data-mfm-"
)

// classCenter is the class of centred lines; no function has that name.
const classCenter = "mfm-center"

type argKind uint8

const (
	argNone   argKind = iota
	argFlag           // no value
	argTime           // "1.5s", "-2s"
	argNumber         // "-1.5"
	argScale          // a number of at most 5
	argColor          // 3 to 6 hexadecimal digits
	argStyle          // a border style
	argToken          // letters, digits, "_", "-", "."
)

// functions are the functions that Misskey's web client draws with a span,
// and which of their arguments it heeds (facts/misskey.md 2.2). ruby and
// unixtime become elements of their own; every other name stays text.
var functions = map[string]map[string]argKind{
	"tada":      animated,
	"jelly":     animated,
	"twitch":    animated,
	"shake":     animated,
	"jump":      animated,
	"bounce":    animated,
	"rainbow":   animated,
	"spin":      {"speed": argTime, "delay": argTime, "left": argFlag, "alternate": argFlag, "x": argFlag, "y": argFlag},
	"sparkle":   {},
	"flip":      {"h": argFlag, "v": argFlag},
	"x2":        {},
	"x3":        {},
	"x4":        {},
	"font":      {"serif": argFlag, "monospace": argFlag, "cursive": argFlag, "fantasy": argFlag, "emoji": argFlag, "math": argFlag},
	"blur":      {},
	"rotate":    {"deg": argNumber},
	"position":  {"x": argNumber, "y": argNumber},
	"scale":     {"x": argScale, "y": argScale},
	"fg":        {"color": argColor},
	"bg":        {"color": argColor},
	"border":    {"color": argColor, "style": argStyle, "width": argNumber, "radius": argNumber, "noclip": argFlag},
	"clickable": {"ev": argToken},
}

var animated = map[string]argKind{"speed": argTime, "delay": argTime}

// maxScale is the largest factor of the function scale.
const maxScale = 5

// IsClass tells whether a class names an MFM function or centred lines.
func IsClass(class string) bool {
	name, ok := strings.CutPrefix(class, ClassPrefix)
	if !ok {
		return false
	}
	if class == classCenter {
		return true
	}
	_, known := functions[name]
	return known
}

// ValidArg tells whether an argument of a function may be passed on, and gives
// its value as it may be: flags get an empty one.
func ValidArg(function, arg, value string) (string, bool) {
	switch functions[function][arg] {
	case argFlag:
		return "", true
	case argTime:
		return value, isTime(value)
	case argNumber:
		return value, isNumber(value)
	case argScale:
		return atMostScale(value)
	case argColor:
		return value, isColor(value)
	case argStyle:
		return value, isBorderStyle(value)
	case argToken:
		return value, isToken(value)
	}
	return "", false
}

func atMostScale(value string) (string, bool) {
	if !isNumber(value) {
		return "", false
	}
	if f, err := strconv.ParseFloat(value, 64); err != nil || f > maxScale || f < -maxScale {
		return strconv.Itoa(maxScale), err == nil
	}
	return value, true
}

func isTime(s string) bool {
	s, ok := strings.CutSuffix(s, "s")
	return ok && isNumber(s)
}

// isNumber: an optional sign, digits, at most one dot with digits around it.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	if len(s) > 12 {
		return false
	}
	whole, fraction, dot := strings.Cut(s, ".")
	if dot && !isDigits(fraction) {
		return false
	}
	return isDigits(whole) || dot && whole == ""
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isColor(s string) bool {
	if len(s) < 3 || len(s) > 6 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; !(s[i] >= '0' && s[i] <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

func isBorderStyle(s string) bool {
	switch s {
	case "solid", "hidden", "dotted", "dashed", "double", "groove", "ridge", "inset", "outset":
		return true
	}
	return false
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isAlnum(c) && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

func isAlnum(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }
