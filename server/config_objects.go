package server

import (
	"net/url"
	"strings"
)

// parseObjects takes a folder or s3://KEY:SECRET@HOST[:PORT]/BUCKET with the
// parameters region and tls. It is cut by hand, because the secrets that
// stores give out contain slashes and nobody escapes them.
func parseObjects(text string) (Objects, error) {
	const want = "give a folder, or s3://KEY:SECRET@HOST[:PORT]/BUCKET?region=…&tls=false"
	rest, isS3 := strings.CutPrefix(text, "s3://")
	switch {
	case text == "":
		return Objects{}, &wrong{"is empty", want}
	case !isS3 && strings.Contains(text, "://"):
		return Objects{}, &wrong{"names no kind of store that is known", want}
	case !isS3:
		return Objects{Dir: text}, nil
	}
	at := strings.LastIndexByte(rest, '@')
	if at < 0 {
		return Objects{}, &wrong{"has no KEY:SECRET@", want}
	}
	key, secret, _ := strings.Cut(rest[:at], ":")
	place, query, _ := strings.Cut(rest[at+1:], "?")
	host, bucket, _ := strings.Cut(place, "/")
	bucket = strings.TrimSuffix(bucket, "/")
	s3 := &S3{Endpoint: host, Bucket: bucket, Key: unescape(key), Secret: unescape(secret), TLS: true}
	switch {
	case s3.Key == "" || s3.Secret == "":
		return Objects{}, &wrong{"lacks the key or the secret", want}
	case host == "" || strings.HasPrefix(host, ":"):
		return Objects{}, &wrong{"lacks the host", want}
	case bucket == "" || strings.Contains(bucket, "/"):
		return Objects{}, &wrong{"does not name one bucket", want}
	}
	if err := s3.parameters(query); err != nil {
		return Objects{}, err
	}
	return Objects{S3: s3}, nil
}

// unescape undoes percent-encoding where there is one.
func unescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

func (s *S3) parameters(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return &wrong{"has parameters that cannot be read", "give ?region=…&tls=false, either or none"}
	}
	for name := range values {
		switch name {
		case "region":
			s.Region = values.Get(name)
		case "tls":
			if s.TLS, err = parseSwitch(values.Get(name)); err != nil {
				return &wrong{"has tls that is neither yes nor no", "give tls=true or tls=false"}
			}
		default:
			return &wrong{"has a parameter that is not known", "give only region and tls"}
		}
	}
	return nil
}
