// Files on their way to the kernel.

/**
 * A file as base64, as the kernel reads it.
 * @param {File} file
 * @returns {Promise<{ name: string, content: string }>}
 */
export function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve({ name: file.name, content: String(reader.result).replace(/^[^,]*,?/, "") }),
    );
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
