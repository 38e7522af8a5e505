// The personal link a page was opened with.

/**
 * The person and the signature of the page's address, null if it names nobody. The signature stands in the fragment, which a
 * browser sends to no server; the page sends it to its kernel.
 */
export function personalLink() {
  const person = new URLSearchParams(location.search).get("person");
  if (!person) return null;
  const signature = new URLSearchParams(location.hash.slice(1)).get("signature") ?? "";
  return { person, signature };
}
