import { Module } from '@nestjs/common';
import { AddressGuard } from './address-guard.js';
import { OutgoingHttp } from './outgoing-http.js';

/** Requests to the outside world. `XFLOW_HTTP_ALLOW` lists networks beside the public internet that they may go to. */
@Module({
  providers: [
    { provide: AddressGuard, useFactory: () => new AddressGuard(process.env['XFLOW_HTTP_ALLOW']) },
    OutgoingHttp,
  ],
  exports: [OutgoingHttp],
})
export class OutgoingHttpModule {}
