package server

import "strconv"

// parseYears takes an age.
func parseYears(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 120 {
		return 0, &wrong{"is no age", "give whole years, such as 16, or 0"}
	}
	return n, nil
}
