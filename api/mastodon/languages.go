package mastodon

import "strings"

// languageNames are the English names of the languages that people write in
// most, by ISO 639 code. All of them that there are would be megabytes.
var languageNames = map[string]string{
	"af": "Afrikaans", "ar": "Arabic", "ast": "Asturian", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "br": "Breton",
	"bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
	"eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
	"fy": "Western Frisian", "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
	"hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "ig": "Igbo", "io": "Ido", "is": "Icelandic", "it": "Italian",
	"ja": "Japanese", "ka": "Georgian", "kab": "Kabyle", "kk": "Kazakh", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish",
	"la": "Latin", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi",
	"ms": "Malay", "my": "Burmese", "nb": "Norwegian Bokmål", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian",
	"oc": "Occitan", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit",
	"sc": "Sardinian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
	"sw": "Swahili", "szl": "Silesian", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tok": "Toki Pona",
	"tr": "Turkish", "tt": "Tatar", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish",
	"zh": "Chinese", "zu": "Zulu",
}

// languageName is the English name of a language, or its code.
func languageName(code string) string {
	base, _, _ := strings.Cut(code, "-")
	if name := languageNames[base]; name != "" {
		return name
	}
	return code
}
