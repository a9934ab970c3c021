/**
 * Reads the `Link` header of a paged list (RFC 8288) and gives the target of
 * `rel`, as a path on our own home, or null. A target on another origin is
 * refused: the token must never leave the home.
 */
export function linkRel(header: string | null, rel: string, origin: string): string | null {
  if (!header || header.length > 8192) return null;
  for (const part of splitLinks(header)) {
    const end = part.indexOf(">");
    if (part[0] !== "<" || end < 0) continue;
    if (!hasRel(part.slice(end + 1), rel)) continue;
    return ownPath(part.slice(1, end), origin);
  }
  return null;
}

function ownPath(target: string, origin: string): string | null {
  let url: URL;
  try {
    url = new URL(target, origin);
  } catch {
    return null;
  }
  return url.origin === origin ? url.pathname + url.search : null;
}

/** Splits at commas outside of <…> and "…". */
function splitLinks(header: string): string[] {
  const out: string[] = [];
  let from = 0;
  let closer = "";
  for (let i = 0; i < header.length; i++) {
    const c = header[i]!;
    if (closer) {
      if (c === closer) closer = "";
    } else if (c === "<") closer = ">";
    else if (c === '"') closer = '"';
    else if (c === ",") {
      out.push(header.slice(from, i).trim());
      from = i + 1;
    }
  }
  out.push(header.slice(from).trim());
  return out;
}

function hasRel(params: string, rel: string): boolean {
  for (const param of params.split(";")) {
    const [key, value] = param.split("=", 2);
    if (key?.trim().toLowerCase() !== "rel" || !value) continue;
    const names = value.trim().replace(/^"|"$/g, "").toLowerCase().split(/\s+/);
    if (names.includes(rel)) return true;
  }
  return false;
}
