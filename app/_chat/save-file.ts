/** Hands the visitor a file, as a download of the browser's. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold of the data once it has begun; Safari begins it after the click's task.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
