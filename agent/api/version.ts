/** The version of the agent's HTTP interface; it is the first segment of every path. */
export const API_VERSION = 1;

/** What `product` says in every status, so that a client knows whom it met. */
export const PRODUCT = 'portforward-agent';

/** Response header that carries the interface's version, whatever was asked. Lower case, as Node gives it. */
export const API_HEADER = 'portforward-api';

/** The Host that our own client sends; a socket has no name of its own. */
export const API_HOST = 'portforward-agent';

/** Where a Debian or Ubuntu gateway has the socket unless told otherwise. */
export const DEFAULT_SOCKET = '/run/portforward/agent.sock';
