package fake

import "net/http"

// kindOf is an error's status, id, kind and words.
type kindOf struct {
	status  int
	id      string
	kind    string
	message string
}

// codes are the errors that are given.
var codes = map[string]kindOf{
	"INVALID_PARAM":                             {400, "3d81ceae-475f-4600-b2a8-2bc116157532", "client", "Invalid param."},
	"CREDENTIAL_REQUIRED":                       {401, "1384574d-a912-4b81-8601-c7b1c4085df1", "client", "Credential required."},
	"AUTHENTICATION_FAILED":                     {401, "b0a7f5f8-dc2f-4171-b91f-de88ad238e14", "client", "Authentication failed. Please ensure your token is correct."},
	"PERMISSION_DENIED":                         {403, "1370e5b7-d4eb-4566-bb1d-7748ee6a1838", "permission", "Your app does not have the necessary permissions to use this endpoint."},
	"YOUR_ACCOUNT_SUSPENDED":                    {403, "a8c724b3-6e9c-4b46-b1a8-bc3ed6258370", "permission", "Your account has been suspended."},
	"UNKNOWN_API_ENDPOINT":                      {404, "f8080b67-5f9c-4eb7-8c18-7f1eeae8f709", "client", "Unknown API endpoint."},
	"RATE_LIMIT_EXCEEDED":                       {429, "d5826d14-3982-4d2e-8011-b9e9f02499ef", "client", "Rate limit exceeded. Please try again later."},
	"INTERNAL_ERROR":                            {500, "5d37dbcb-891e-41ca-a3d6-e690c97775ac", "server", "Internal error occurred. Please contact us if the error persists."},
	"NO_SUCH_NOTE":                              {400, "24fcbfc6-2e37-42b6-8388-c29b3861a08d", "client", "No such note."},
	"NO_SUCH_USER":                              {404, "4362f8dc-731f-4ad8-a694-be5a88922a24", "client", "No such user."},
	"NO_SUCH_OBJECT":                            {400, "dc94d745-1262-4e63-a17d-fecaa57efc82", "client", "No such object."},
	"NO_SUCH_FILE":                              {400, "b6992544-63e7-67f0-fa7f-32444b1b5306", "client", "Some files are not found."},
	"NO_SUCH_REPLY_TARGET":                      {400, "749ee0f6-d3da-459a-bf02-282e2da4292c", "client", "No such reply target."},
	"NO_SUCH_RENOTE_TARGET":                     {400, "b5c90186-4ab0-49c8-9bba-a1f76c282ba4", "client", "No such renote target."},
	"CANNOT_RENOTE_TO_A_PURE_RENOTE":            {400, "fd4cc33e-2a37-48dd-99cc-9b806eb2031a", "client", "You can not Renote a pure Renote."},
	"CANNOT_REPLY_TO_A_PURE_RENOTE":             {400, "3ac74a84-8fd5-4bb0-870f-01804f82ce15", "client", "You can not reply to a pure Renote."},
	"CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE": {400, "ed940410-535c-4d5e-bfa3-af798671e93c", "client", "You cannot reply to a specified visibility note with extended visibility."},
	"ALREADY_REACTED":                           {400, "71efcf98-86d6-4e2b-b2ad-9d032369366b", "client", "You are already reacting to that note."},
	"NOT_REACTED":                               {400, "92f4426d-4196-4125-aa5b-02943e2ec8fc", "client", "You are not reacting to that note."},
	"ALREADY_FAVORITED":                         {400, "a402c12b-34dd-41d2-97d8-4d2ffd96a1a6", "client", "The note has already been marked as a favorite."},
	"NOT_FAVORITED":                             {400, "b625fc69-635e-45e9-86f4-dbefbef35af5", "client", "You have not marked that note a favorite."},
	"ALREADY_FOLLOWING":                         {400, "35387507-38c7-4cb9-9197-300b93783fa0", "client", "You are already following that user."},
	"NOT_FOLLOWING":                             {400, "5dbf82f5-c92b-40b1-87d1-6c8c0741fd09", "client", "You are not following that user."},
	"MAX_FILE_SIZE_EXCEEDED":                    {413, "b9d8c348-33f0-4673-b9a9-5d4da058977a", "client", "Cannot upload the file because it exceeds the maximum file size."},
	"NO_FREE_SPACE":                             {400, "d08dbc37-a6a9-463a-8c47-96c32ab5f064", "client", "Cannot upload the file because you have no free space of drive."},
	"ACCESS_DENIED":                             {400, "fe8d7103-0ea8-4ec3-814d-f8b401dc69e9", "client", "Access denied."},
}

// failed is an error by its code; an unknown code is a server's own failure.
func failed(code string) reply {
	k, ok := codes[code]
	if !ok {
		k = kindOf{status: http.StatusBadRequest, kind: "client", message: code}
	}
	return reply{k.status, map[string]any{"error": map[string]any{"message": k.message, "code": code, "id": k.id, "kind": k.kind}}}
}

// invalid is INVALID_PARAM with the member that is wrong.
func invalid(param, reason string) reply {
	rep := failed("INVALID_PARAM")
	rep.out.(map[string]any)["error"].(map[string]any)["info"] = map[string]any{"param": "#/properties/" + param, "reason": reason}
	return rep
}
