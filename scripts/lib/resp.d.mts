export type RespValue = string | number | null | Buffer | Status | ReplyError | RespValue[];

export declare class Status {
  readonly text: string;
  constructor(text: string);
}

export declare class ReplyError {
  readonly message: string;
  constructor(message: string);
}

export declare function toResp(value: RespValue): Buffer;

export declare class RespClient {
  constructor(port: number, host?: string);
  send(args: readonly (string | number | Buffer)[]): Promise<RespValue>;
  push(args: readonly (string | number | Buffer)[], onPush: (value: RespValue) => void): void;
  close(): void;
}
