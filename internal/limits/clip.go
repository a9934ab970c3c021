package limits

// Bounds of films and sounds that people upload.
const (
	// UploadBytes is the largest file of any sort that is uploaded (40 MiB).
	UploadBytes = 40 << 20
	// ClipBytes is the largest that is made of one (40 MiB).
	ClipBytes = 40 << 20
	// ClipSeconds is the longest.
	ClipSeconds = 600
	// ClipSide is the longest side of a film's picture, ClipMemory what ffmpeg may take (1.5 GiB of addresses).
	ClipSide   = 4096
	ClipMemory = 1536 << 20
	// VideoRate is how many pictures a second are kept.
	VideoRate = 60
)
