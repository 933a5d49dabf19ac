// Fills the box from a file that is chosen or dropped on it. Everything else works without a script.
"use strict";

const kilobytes = (bytes) => `${Math.max(1, Math.round(bytes / 1024)).toLocaleString("en-GB")} KB`;

for (const place of document.querySelectorAll("[data-file-for]")) {
  const box = document.getElementById(place.dataset.fileFor);
  const input = place.querySelector("input[type=file]");
  const status = place.querySelector("[data-file-status]");
  const most = Number(box.dataset.bytesMax);

  const fill = async (file) => {
    if (!file) return;
    if (file.size > most) {
      status.textContent = `${file.name} is too large: ${kilobytes(file.size)}. At most ${kilobytes(most)} are checked.`;
      return;
    }
    box.value = await file.text();
    status.textContent = `The box now holds ${file.name} (${kilobytes(file.size)}).`;
  };

  input.addEventListener("change", () => fill(input.files[0]));
  const holdsFile = (event) => [...event.dataTransfer.types].includes("Files");
  box.addEventListener("dragover", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    box.classList.add("over");
  });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    box.classList.remove("over");
    fill(event.dataTransfer.files[0]);
  });
  place.hidden = false;
}
