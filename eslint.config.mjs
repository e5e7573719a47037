import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { roomRules } from "./scripts/eslint/rooms.mjs";

export default defineConfig([
  globalIgnores([".next/", "coverage/", "data/", "dist/", "models/", "next-env.d.ts", "training/runs/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  tseslint.configs.recommended,
  roomRules,
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "prefer-const": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
    },
  },
  {
    // What only types can tell. A promise nobody waits for is how a child process outlives its parent.
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-for-in-array": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/unbound-method": "error",
    },
  },
  {
    // Next 16.4.6 compiles the third part of such a loop with an import left unbound when the body has a function that uses
    // the variable: `dirname is not defined`, in the built server only.
    files: ["app/**", "lib/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "ForStatement > .update CallExpression[callee.type='Identifier']",
          message: "The built server loses the import called here: call it in the loop's body.",
        },
      ],
    },
  },
  {
    // A test names a bound method to spy on it, and throws what a stranger would throw.
    files: ["tests/**"],
    rules: { "@typescript-eslint/only-throw-error": "off", "@typescript-eslint/unbound-method": "off" },
  },
]);
