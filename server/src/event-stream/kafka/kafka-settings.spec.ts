import { kafkaSettings } from './kafka-settings.js';

describe('kafkaSettings', () => {
  it('needs the brokers only', () => {
    expect(kafkaSettings({ KAFKA_BROKERS: 'one:9092' })).toEqual({
      connection: { brokers: ['one:9092'], ssl: false },
      group: 'xflow',
      topics: ['xflow'],
    });
  });

  it('reads group, topics, TLS and the account', () => {
    expect(
      kafkaSettings({
        KAFKA_BROKERS: 'one:9093, [::1]:9093',
        KAFKA_GROUP: 'journeys',
        KAFKA_TOPICS: 'crm, orders',
        KAFKA_TLS: 'true',
        KAFKA_SASL: 'SCRAM-SHA-512',
        KAFKA_USERNAME: 'xflow',
        KAFKA_PASSWORD: 'secret',
      }),
    ).toEqual({
      connection: {
        brokers: ['one:9093', '[::1]:9093'],
        ssl: true,
        sasl: { mechanism: 'scram-sha-512', username: 'xflow', password: 'secret' },
      },
      group: 'journeys',
      topics: ['crm', 'orders'],
    });
  });

  it('says everything that is wrong at once, and no password', () => {
    const wrong = { KAFKA_BROKERS: 'one', KAFKA_TLS: 'yes', KAFKA_SASL: 'kerberos', KAFKA_PASSWORD: 'secret' };
    expect(() => kafkaSettings(wrong)).toThrow(/KAFKA_BROKERS.*KAFKA_TLS.*KAFKA_SASL is "kerberos"/);
    expect(() => kafkaSettings(wrong)).not.toThrow(/secret/);
    expect(() => kafkaSettings({ KAFKA_BROKERS: 'one:1', KAFKA_SASL: 'plain' })).toThrow(
      'KAFKA_USERNAME and KAFKA_PASSWORD',
    );
  });
});
