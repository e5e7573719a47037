export { readJsonBody } from "./read-json-body";
export { CORS_HEADERS, errorResponse, preflightResponse, route } from "./respond";
export { streamResponse } from "./stream-response";
