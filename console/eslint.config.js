import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

export default defineConfig([
  globalIgnores(["dist", "src/api/schema"]),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  hooks.configs.flat["recommended-latest"],
  a11y.flatConfigs.strict,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // It tells what React's compiler would leave alone, and we do not use it.
      "react-hooks/incompatible-library": "off",
      "max-lines": ["error", 300],
      "no-console": "error",
      "no-restricted-globals": [
        "error",
        { name: "fetch", message: "Ask through src/api, which adds the token and renews it." },
        { name: "localStorage", message: "Use src/shell/preferences; a token never belongs there." },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Handlers of React may be asynchronous: what they refuse is shown by whoever they call.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      // What a router, a query client or a mutation answers is a promise that nobody has to wait for.
      "@typescript-eslint/no-floating-promises": ["error", { ignoreVoid: true }],
      // The router redirects by throwing.
      "@typescript-eslint/only-throw-error": ["error", { allow: ["Redirect"] }],
    },
  },
  { files: ["*.js"], extends: [ts.configs.disableTypeChecked] },
  prettier,
]);
