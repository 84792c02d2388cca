// The form under which a name is found: internal/foundation/i18n/fold.go from the other side,
// held to it by i18n/testdata/folds.json.

const from = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюяўқғҳһәіїұҗҷӱӧӣӯєґywqıßə'’‘ʻʼ`";
const to = "a b v g d e e j z i i k l m n n o o p r s t u u f h ts ch sh sh  i  e iu ia u k g h h a i i u j j u o i u e g i v k i ss a      ".split(" ");
const folds = new Map([...from].map((c, i) => [c, to[i] ?? ""]));

/** Latin spellings of one Cyrillic letter, longest first. */
const pairs: Record<string, string> = { shch: "sh", sch: "sh", dzh: "j", dj: "j", zh: "j", kh: "h", ph: "f", tz: "ts" };
const spelt = new RegExp(Object.keys(pairs).join("|"), "g");

/** A doubled letter is written once: уулу, uulu and ulu are found alike. */
const once = (text: string): string => [...text].filter((c, i, all) => c !== all[i - 1] || /\p{Nd}/u.test(c)).join("");

/** The form under which a name is searched: lower case, Latin, one letter for what people mix up, words parted by one space. */
export function fold(text: string): string {
  const seen = text.replace(/[\r\n\t\v\f\u0085\u2028\u2029]/g, " ").replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
  const lower = [...seen].map((c) => c.toLowerCase()).join("");
  let key = "";
  for (const c of lower.normalize("NFC")) {
    const f = folds.get(c);
    if (f !== undefined) key += f;
    else if (/\p{L}/u.test(c)) key += c.normalize("NFD").replace(/\p{Mn}/gu, ""); // é is found as e
    else if (/\p{Nd}/u.test(c)) key += c;
    else if (!/\p{Mn}/u.test(c)) key += " ";
  }
  key = once(key.split(" ").filter(Boolean).join(" "));
  for (;;) {
    const next = once(key.replace(spelt, (p) => pairs[p] ?? p));
    if (next === key) return key;
    key = next;
  }
}

const longest = 100; // letters of what is looked for; no name is longer

/** Whether a query is more than a letter: the door looks for somebody, it does not leaf through the list. */
export function searchable(query: string): boolean {
  if ([...query].length > longest) return false;
  return query.split(/\s+/).some((word) => {
    let typed = 0;
    let last = "";
    for (const c of word) {
      const key = fold(c);
      if (/\p{L}/u.test(c) && key && key !== last) typed++;
      last = key;
    }
    const letters = fold(word)
      .split(" ")
      .map((w) => w.replace(/\P{L}/gu, "").length);
    return typed >= 2 && Math.max(...letters) >= 2;
  });
}
