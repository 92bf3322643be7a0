#include "actors/session/request_identity.hpp"

#include <gtest/gtest.h>

#include "actors/messages/edge_messages.hpp"
#include "actors/session/kept_answers.hpp"
#include "actors/session/transcript_tail.hpp"
#include "runtime/base/hash.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

const codec::digest_secret secret = codec::secret_of("0123456789abcdef0123456789abcdef");
const participant customer{"customer", "c1", "Ann"};
const participant lin{"agent", "lin", "Lin"};

message_content said(std::string id, std::string text) {
  codec::packer p;
  field(p.map(1), "text", text);
  return {std::move(id), "text", {p.take()}};
}

repeatable of(const session_call& m) {
  return repeatable_request(secret, key_kind::call, m.by, m.op_id, codec::call_content(m));
}

session_call tag_call() {
  session_call m;
  m.method = session_method::tag;
  m.by = lin;
  m.op_id = "1";
  m.add = {"vip"};
  return m;
}

TEST(request_identity, keys_of_different_senders_and_kinds_do_not_meet) {
  auto key = [](key_kind kind, const participant& by, std::string_view text) {
    return repeatable_request(secret, kind, by, text, "x").key.key;
  };
  auto a = key(key_kind::message, customer, "1");
  EXPECT_EQ(a, key(key_kind::message, customer, "1"));
  EXPECT_NE(a, key(key_kind::message, lin, "1"));
  EXPECT_NE(a, key(key_kind::call, customer, "1"));
  EXPECT_EQ(key(key_kind::message, customer, ""), 0u);
  // Nor do ids that go on where others end.
  participant longer{"customer", std::string("c1\0a", 4), ""};
  EXPECT_NE(key(key_kind::message, customer, std::string_view("a\0b", 3)),
            key(key_kind::message, longer, "b"));
}

TEST(request_identity, a_key_says_nothing_without_the_stores_secret) {
  const auto other = codec::secret_of("ffffffffffffffffffffffffffffffff");
  EXPECT_NE(repeatable_message(secret, customer, said("1", "a")).key,
            repeatable_message(other, customer, said("1", "a")).key);
}

TEST(request_identity, every_field_of_a_call_counts) {
  const auto first = of(tag_call()).key;
  auto differs = [&](auto change) {
    auto m = tag_call();
    change(m);
    auto again = of(m).key;
    return again.key == first.key && again.content != first.content;
  };
  EXPECT_TRUE(differs([](auto& m) { m.method = session_method::note; }));
  EXPECT_TRUE(differs([](auto& m) { m.number = 1; }));
  EXPECT_TRUE(differs([](auto& m) { m.text = "x"; }));
  EXPECT_TRUE(differs([](auto& m) { m.text2 = "x"; }));
  EXPECT_TRUE(differs([](auto& m) { m.summary = "x"; }));
  EXPECT_TRUE(differs([](auto& m) { m.add = {"v", "ip"}; }));
  EXPECT_TRUE(differs([](auto& m) { m.remove = {"vip"}; }));
  EXPECT_TRUE(differs([](auto& m) { m.add.clear(), m.remove = {"vip"}; }));
  EXPECT_TRUE(differs([](auto& m) { m.body.bytes = "\x80"; }));
  EXPECT_TRUE(differs([](auto& m) { m.to_group = "vip"; }));
  EXPECT_TRUE(differs([](auto& m) { m.to_agent = "vip"; }));
  EXPECT_TRUE(differs([](auto& m) { m.mode = "warm"; }));
  EXPECT_TRUE(differs([](auto& m) { m.by_rules = true; }));
}

TEST(request_identity, who_asks_and_how_does_not_count_as_content) {
  auto m = tag_call();
  m.by.name = "Lin Lin";
  m.account = account_role::leader;
  EXPECT_EQ(of(m).key, of(tag_call()).key);
}

TEST(request_identity, every_field_of_a_customers_change_counts) {
  auto content = [](auto change) {
    customer_call m;
    m.method = customer_method::block;
    change(m);
    return codec::call_content(m);
  };
  const auto plain = content([](auto&) {});
  EXPECT_NE(content([](auto& m) { m.method = customer_method::unblock; }), plain);
  EXPECT_NE(content([](auto& m) { m.lead = "x"; }), plain);
  EXPECT_NE(content([](auto& m) { m.fields.bytes = "\x80"; }), plain);
  EXPECT_NE(content([](auto& m) { m.other = "x"; }), plain);
  EXPECT_NE(content([](auto& m) { m.text = "x"; }), plain);
  EXPECT_NE(content([](auto& m) { m.add = {"x"}; }), plain);
  EXPECT_NE(content([](auto& m) { m.remove = {"x"}; }), plain);
  EXPECT_NE(content([](auto& m) { m.until = timestamp{}; }), plain);
  EXPECT_NE(content([](auto& m) { m.yes = true; }), plain);
  EXPECT_NE(content([](auto& m) { m.sessions.resize(1); }), plain);
  // What the server adds on the way is not the caller's.
  EXPECT_EQ(content([](auto& m) { m.number = 20, m.sales_channel = "web", m.passed_on = true; }),
            plain);
}

TEST(request_identity, a_map_written_in_another_order_is_the_same_content) {
  message_content a{"1",
                    "text",
                    {std::string("\x82\xa1"
                                 "a\x01\xa1"
                                 "b\x82\xa1"
                                 "c\x02\xa1"
                                 "d\x03")}};
  message_content b{"1",
                    "text",
                    {std::string("\x82\xa1"
                                 "b\x82\xa1"
                                 "d\x03\xa1"
                                 "c\x02\xa1"
                                 "a\x01")}};
  EXPECT_EQ(repeatable_message(secret, customer, a).key,
            repeatable_message(secret, customer, b).key);
  message_content c{"1",
                    "text",
                    {std::string("\x82\xa1"
                                 "a\x01\xa1"
                                 "b\x82\xa1"
                                 "c\x03\xa1"
                                 "d\x02")}};
  EXPECT_NE(repeatable_message(secret, customer, a).key,
            repeatable_message(secret, customer, c).key);
}

TEST(request_identity, the_same_whole_number_as_another_type_is_other_content) {
  message_content a{"1",
                    "text",
                    {std::string("\x81\xa1"
                                 "a\x01")}};
  message_content b{"1",
                    "text",
                    {std::string("\x81\xa1"
                                 "a\xcb\x3f\xf0\0\0\0\0\0\0",
                                 12)}};
  EXPECT_NE(repeatable_message(secret, customer, a).key,
            repeatable_message(secret, customer, b).key);
}

TEST(answered_requests, the_same_again_is_found_and_other_content_is_refused) {
  answered_requests all;
  auto first = repeatable_message(secret, customer, said("m1", "hello"));
  EXPECT_EQ(all.find(first, "client_msg_id").value(), nullptr);
  all.add(first.key, 4, timestamp{});
  ASSERT_NE(all.find(first, "client_msg_id").value(), nullptr);
  EXPECT_EQ((*all.find(first, "client_msg_id"))->seq, 4u);
  auto other = all.find(repeatable_message(secret, customer, said("m1", "bye")), "client_msg_id");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, errc::already_exists);
  EXPECT_EQ(other.error().field, "client_msg_id");
}

TEST(answered_requests, what_was_said_is_said_again_and_where_nothing_lies_nothing) {
  answered_requests all;
  for (std::uint64_t n = 1; n <= 100; ++n)
    all.add({n, n}, n, timestamp{}, n % 2 ? "" : "answer " + std::to_string(n));
  EXPECT_EQ(all.said(*all.find(64)), "answer 64");
  EXPECT_EQ(all.said(*all.find(63)), "");
  all.clear();
  EXPECT_EQ(all.find(64), nullptr);
}

TEST(kept_answers, are_given_again_for_a_day_and_refused_with_other_content) {
  const auto noon = from_unix_ms(1'790'913'600'000);
  const millis hour{3'600'000};
  std::vector<kept_answer> all;
  keep_answer(all, {5, 6, {"answer"}}, noon);
  EXPECT_EQ(**answered_before(all, {{5, 6}}, noon + 23 * hour), "answer");
  EXPECT_EQ(answered_before(all, {{5, 7}}, noon).error().field, "op_id");
  EXPECT_FALSE(*answered_before(all, {{8, 8}}, noon));
  EXPECT_EQ(answered_before(all, {{8, 8}}, noon, {1, 1000}).error().code, errc::resource_exhausted);
  EXPECT_EQ(answered_before(all, {{8, 8}}, noon, {9, 6}).error().code, errc::resource_exhausted)
      << "bytes";
  EXPECT_FALSE(*answered_before(all, {}, noon, {1, 1})) << "without a key it is taken";
  // A day in which something is answered now and then.
  const millis pause{5 * 60'000};
  for (millis since = pause; since <= 24 * hour; since += pause) {
    keep_answer(all, {9, 9, {"x"}}, noon + since);
    ASSERT_EQ(**answered_before(all, {{5, 6}}, noon + since), "answer");
  }
  keep_answer(all, {9, 9, {"x"}}, noon + 24 * hour + pause);
  EXPECT_FALSE(*answered_before(all, {{5, 7}}, noon + 24 * hour + pause));
  EXPECT_EQ(all.size(), 289u) << "and no more than came in a day is kept";
}

TEST(kept_answers,
     are_not_forgotten_by_a_clock_that_is_set_forward_nor_kept_longer_by_one_set_back) {
  const auto noon = from_unix_ms(1'790'913'600'000);
  const millis hour{3'600'000}, pause{10 * 60'000}, year{365 * 24 * hour};
  std::vector<kept_answer> all;
  keep_answer(all, {5, 6, {"answer"}}, noon);
  EXPECT_EQ(**answered_before(all, {{5, 6}}, noon + year), "answer");
  EXPECT_EQ(**answered_before(all, {{5, 6}}, noon - year), "answer");
  keep_answer(all, {1, 1, {"x"}}, noon + year);
  EXPECT_EQ(**answered_before(all, {{5, 6}}, noon + year), "answer");
  // And set right: from here on it goes as it went.
  for (int n = 1; n <= 143; ++n) {
    keep_answer(all, {2, 2, {"x"}}, noon + n * pause);
    ASSERT_EQ(**answered_before(all, {{5, 6}}, noon + n * pause), "answer") << n;
  }
  for (int n = 144; n <= 146; ++n) keep_answer(all, {2, 2, {"x"}}, noon + n * pause);
  EXPECT_FALSE(*answered_before(all, {{5, 6}}, noon + 146 * pause));
  // A year back, and a day later what was kept before it is gone all the same.
  keep_answer(all, {7, 7, {"late"}}, noon + 147 * pause);
  for (int n = 0; n <= 146; ++n) keep_answer(all, {2, 2, {"x"}}, noon - year + n * pause);
  EXPECT_FALSE(*answered_before(all, {{7, 7}}, noon - year + 146 * pause));
  EXPECT_LE(all.size(), 147u);
}

TEST(kept_answers, of_an_older_version_are_kept_by_the_walls_time_they_have) {
  const auto noon = from_unix_ms(1'790'913'600'000);
  const millis hour{3'600'000};
  std::vector<kept_answer> all{{5, 6, noon, {"answer"}}};
  EXPECT_EQ(**answered_before(all, {{5, 6}}, noon + 23 * hour), "answer");
  keep_answer(all, {8, 8, {"x"}}, noon + hour);
  EXPECT_EQ(**answered_before(all, {{5, 6}}, noon + hour), "answer");
  EXPECT_EQ(all.back().kept_at, noon + longest_answer_step);
}

/// As versions before keyed digests recorded it.
std::uint64_t older_key(std::string_view kind, const participant& by, std::string_view key) {
  std::string_view end("\0", 1);
  auto h = fnv1a(by.role, fnv1a(end, fnv1a(kind)));
  return fnv1a(key, fnv1a(end, fnv1a(by.id, fnv1a(end, h))));
}

TEST(answered_requests, what_an_older_version_recorded_is_found_again) {
  answered_requests all;
  all.add({older_key("msg", customer, "m1"), fnv1a("text\nwhatever")}, 7, timestamp{});
  auto again = repeatable_message(secret, customer, said("m1", "hello"));
  ASSERT_NE(all.find(again, "client_msg_id").value(), nullptr);
  EXPECT_EQ((*all.find(again, "client_msg_id"))->seq, 7u);
  EXPECT_EQ(all.find(repeatable_message(secret, lin, said("m1", "hello")), "client_msg_id").value(),
            nullptr);
}

}  // namespace
}  // namespace switchboard
