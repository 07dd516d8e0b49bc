/** A command or a call that sends something to somewhere, in one line. */
export const SEND = String.raw`(?:\bcurl\b[^\n]{0,200}\s(?:-d|--data(?:-\w{3,10})?|-F|--form|-T|--upload-file|-X\s{0,2}(?:POST|PUT))|\bwget\b[^\n]{0,100}--post-(?:data|file)|\b(?:requests|httpx|session|aiohttp)\.(?:post|put)|\baxios\.(?:post|put)|\bfetch\s{0,3}\(|\bnc\s{1,5}[\w.-]{3,200}\s{1,5}\d{2,5}|\bInvoke-(?:RestMethod|WebRequest)\b[^\n]{0,120}-Method\s{1,5}Post|\bsendBeacon\s{0,3}\()`;

/** The same, to look for. */
export const SENDS_IN_LINE = new RegExp(SEND);

/** A program that sends something, also where its call goes over several lines. */
export const SENDS = new RegExp(
  String.raw`${SEND}|\b(?:urlopen|Request)\s{0,3}\([^()]{0,120}\bdata\s{0,3}=|\bhttps?\.request\s{0,3}\(|\.request\s{0,3}\(\s{0,3}["'](?:POST|PUT)|\bsmtplib\.SMTP|\bftplib\.FTP|\bnew\s{1,3}WebSocket\s{0,3}\(|\.sendall\s{0,3}\(|['"]curl['"]\s{0,3},`,
);
