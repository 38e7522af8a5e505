import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/vendor/", ".venv/", "build/", "demo/", "dist/"] },
  js.configs.recommended,
  {
    files: ["coverage_kit/workbook/static/**/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
];
