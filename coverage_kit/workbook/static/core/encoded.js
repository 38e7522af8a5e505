// Files on their way to the kernel.

/** The server takes messages of up to 10 MB, and base64 makes 4 letters of 3 bytes. */
export const MOST_MB = 7;

/**
 * Whether files together are more than one message can hold; the server would end the connection.
 * @param {File[]} files
 */
export function areTooLarge(files) {
  return files.reduce((sum, file) => sum + file.size, 0) > MOST_MB * 1e6;
}

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
