// Fields for files. Without script the server makes pictures smaller and says at
// the field what is too large; here both happen before anything is sent.
import { smaller } from "./parts/picture";

for (const input of document.querySelectorAll<HTMLInputElement>("input[type=file][data-most]")) mind(input);

function mind(input: HTMLInputElement): void {
  const most = Number(input.dataset["most"]);
  const side = Number(input.dataset["side"]);
  let ready = Promise.resolve();
  let busy = false;
  let turn = 0;

  const take = async (): Promise<void> => {
    const mine = ++turn;
    say(input, "");
    const chosen = [...(input.files ?? [])];
    const made: File[] = [];
    for (const file of chosen) made.push(await smaller(file, side)); // one at a time: each may take much memory
    if (mine !== turn) return; // others were chosen in the meantime
    if (made.some((file, i) => file !== chosen[i])) {
      const list = new DataTransfer();
      for (const file of made) list.items.add(file);
      input.files = list.files;
    }
    const large = made.filter((file) => file.size > most);
    const words = input.dataset["large"] ?? "";
    say(input, large.map((file) => (input.multiple ? file.name + ": " : "") + words).join("\n"));
  };

  input.addEventListener("change", () => {
    busy = true;
    const mine = (ready = take().finally(() => {
      if (ready === mine) busy = false;
    }));
  });

  input.form?.addEventListener("submit", (event) => {
    if (busy) {
      if (event.defaultPrevented) return; // another field is busy too, and sends the form when it is ready
      event.preventDefault();
      const { form } = input;
      const button = event.submitter;
      void ready.then(() => form?.requestSubmit(button));
    } else if (input.getAttribute("aria-invalid") === "true" && input.dataset["told"]) {
      event.preventDefault();
      input.focus();
    }
  });
}

/** Says at the field what is wrong, and takes back what was said before. */
function say(input: HTMLInputElement, words: string): void {
  const field = input.closest(".field");
  const id = input.id + "-error";
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((word) => word && word !== id);
  document.getElementById(id)?.remove();
  field?.classList.toggle("wrong", words !== "");
  if (words) {
    const told = document.createElement("p");
    told.className = "error";
    told.id = id;
    told.style.whiteSpace = "pre-line";
    told.setAttribute("role", "alert");
    told.textContent = words;
    input.after(told);
    input.setAttribute("aria-invalid", "true");
    input.dataset["told"] = "yes";
    others.push(id);
  } else {
    input.removeAttribute("aria-invalid");
    delete input.dataset["told"];
  }
  if (others.length > 0) input.setAttribute("aria-describedby", others.join(" "));
  else input.removeAttribute("aria-describedby");
}
