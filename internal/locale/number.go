package locale

import "strconv"

// Number writes an integer with its digits in groups of three: "1,234,567".
func Number(_ Lang, n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	out := make([]byte, 0, len(digits)+len(digits)/3+1)
	out = append(out, sign...)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return string(out)
}

// unit is a power of ten that has a short name.
type unit struct {
	size int64
	name string
}

var (
	unitsEnglish  = []unit{{1e9, "B"}, {1e6, "M"}, {1e3, "K"}}
	unitsJapanese = []unit{{1e8, "億"}, {1e4, "万"}}
)

// Compact writes an integer briefly, cut and not rounded, so that it never
// says more than there is: "1.2K", "34M"; "1.2万", "3億".
func Compact(lang Lang, n int64) string {
	units := unitsEnglish
	if lang.known() == Japanese {
		units = unitsJapanese
	}
	for _, u := range units {
		if n < u.size {
			continue
		}
		whole, tenth := n/u.size, n%u.size/(u.size/10)
		if whole >= 10 || tenth == 0 {
			return Number(lang, whole) + u.name
		}
		return strconv.FormatInt(whole, 10) + "." + strconv.FormatInt(tenth, 10) + u.name
	}
	return Number(lang, n)
}

// Percent writes the share of part in whole, rounded to the nearest per cent:
// "43%"; "0%" of nothing.
func Percent(_ Lang, part, whole int64) string {
	if whole <= 0 || part <= 0 {
		return "0%"
	}
	return strconv.FormatInt(int64(float64(part)/float64(whole)*100+0.5), 10) + "%"
}
