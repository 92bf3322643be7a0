#include "actors/session/session_codec.hpp"

#include <gtest/gtest.h>

#include "actors/session/session_state.hpp"
#include "actors/session/transcript_tail.hpp"

namespace switchboard {
namespace {

const timestamp t0 = from_unix_ms(1'700'000'000'000);

std::vector<session_payload> one_of_each() {
  std::vector<session_payload> all;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (all.emplace_back(std::in_place_index<I>), ...);
  }
  (std::make_index_sequence<std::variant_size_v<session_payload::kinds>>());
  event::message m{4, {"customer", "u1", "Wang"}, "text", {}, "m1"};
  codec::packer p;
  field(p.map(1), "text", "您好");
  m.body.bytes = p.take();
  all[9] = m;
  return all;
}

TEST(session_codec, every_kind_of_event_reads_back_as_it_was_written) {
  session_state s;
  for (auto& what : one_of_each()) {
    auto e = sequence(s, what, t0, {11, 12});
    std::string bytes;
    session_codec::encode(e, bytes);
    int seen = 0;
    ASSERT_TRUE(session_codec::for_each(bytes, [&](const session_codec::stored_event& stored) {
      ++seen;
      EXPECT_EQ(stored.kind, what.index() + 1);
      EXPECT_EQ(stored.key, (request_key{11, 12}));
      auto back = session_codec::decode(stored);
      ASSERT_TRUE(back);
      EXPECT_EQ(back->what.index(), what.index());
      std::string again;
      session_codec::encode(*back, again);
      EXPECT_EQ(again, bytes);
    }));
    EXPECT_EQ(seen, 1);
  }
}

TEST(session_codec, hidden_fields_stay_out_of_what_clients_get) {
  session_state s;
  event::assigned a{
      {"agent", "lin", "Lin"}, group_id{"g"}, offer_id{"secret-offer"}, "secret-reason"};
  std::string bytes;
  session_codec::encode(sequence(s, a, t0), bytes);
  session_codec::for_each(bytes, [&](const session_codec::stored_event& e) {
    auto frame = session_codec::notification(s.id, reader::customer, e);
    EXPECT_EQ(frame.find("secret"), std::string::npos);
    EXPECT_NE(frame.find("Lin"), std::string::npos);
  });
}

/// An event's array as it lies in a record.
std::string stored(int kind, std::string_view open_part, std::string_view hidden_part) {
  codec::packer p;
  p.array(10)
      .integer(kind)
      .integer(1)
      .time(t0)
      .integer(0)
      .integer(0)
      .integer(0)
      .integer(11)
      .integer(12)
      .bin(open_part)
      .bin(hidden_part);
  return p.take();
}

TEST(session_codec,
     the_answer_to_a_call_lies_beside_its_key_and_an_event_without_one_is_as_it_was) {
  session_state s;
  auto e = sequence(s, event::tagged{}, t0, {11, 12});
  std::string plain, with_answer;
  session_codec::encode(e, plain);
  e.answer = "\x81\xa3seq\x07";
  session_codec::encode(e, with_answer);
  EXPECT_EQ(plain[0], '\x9a') << "ten fields, as versions before wrote them";
  std::vector<std::string> answers;
  EXPECT_TRUE(session_codec::for_each(
      plain + with_answer + plain, [&](const session_codec::stored_event& stored) {
        answers.emplace_back(stored.answer);
        EXPECT_EQ(session_codec::decode(stored)->answer, stored.answer);
      }));
  EXPECT_EQ(answers, (std::vector<std::string>{"", e.answer, ""}));
}

TEST(session_codec, an_event_of_before_that_no_client_could_read_is_shown_so_that_it_can) {
  codec::packer body;
  body.map(3).str("message_seq").integer(1).str("type").raw("\xa2t\xff").str("body");
  body.map(2).raw("\x05").integer(1).str("at").raw(std::string("\xd6\xff\0\0\0\1", 6));
  int seen = 0;
  session_codec::for_each(stored(10, body.view(), {}), [&](const session_codec::stored_event& e) {
    ++seen;
    for (auto frame : {session_codec::notification({}, reader::agent, e),
                       session_codec::feed_notification({}, e, "1.0")}) {
      EXPECT_TRUE(codec::is_readable(frame));
      EXPECT_NE(frame.find("\xef\xbf\xbd"), std::string::npos);
    }
    auto back = session_codec::decode(e);
    ASSERT_TRUE(back);
    EXPECT_TRUE(codec::is_readable(std::get<event::message>(back->what).body.bytes));
  });
  EXPECT_EQ(seen, 1);
}

TEST(session_codec, an_opening_and_a_request_of_before_with_their_content_hash_are_read) {
  codec::packer opened, requested;
  field(opened.map(3), "channel", "app");
  opened.str("content_hash").uinteger(0).str("weight").integer(6);
  field(requested.map(2), "request_id", "r2");
  requested.str("content_hash").uinteger(7);
  auto bytes = stored(1, "\x80", opened.view()) + stored(2, "\x80", requested.view());
  std::vector<session_event> all;
  session_codec::for_each(bytes, [&](auto& e) { all.push_back(session_codec::decode(e).value()); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(std::get<event::opened>(all[0].what).weight, 6);
  EXPECT_EQ(std::get<event::requested>(all[1].what).request_id, "r2");
}

TEST(session_codec, cut_or_changed_bytes_are_noticed_not_believed) {
  session_state s;
  std::string bytes;
  session_codec::encode(sequence(s, event::rated{5, "good"}, t0), bytes);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    EXPECT_FALSE(session_codec::for_each(bytes.substr(0, cut), [](auto&) {})) << cut;
  }
}

TEST(session_state, each_reader_s_prev_names_the_last_event_it_could_see) {
  session_state s;
  apply(s, sequence(s, event::rated{5, ""}, t0));
  apply(s, sequence(s, event::note{{"agent", "lin", ""}, {"\x80"}}, t0));
  apply(s, sequence(s, event::planned{}, t0));
  auto next = sequence(s, event::rated{4, ""}, t0);
  EXPECT_EQ(next.seq, 4u);
  EXPECT_EQ(next.customer_prev, 1u);
  EXPECT_EQ(next.agent_prev, 2u);
}

TEST(session_state, a_snapshot_reads_back_as_the_same_state) {
  session_state s;
  s.id = make_session_id(9, t0, 5, 6);
  consultation_request r;
  r.channel = "app";
  r.customer.id = "u1";
  r.skills = {{"refund", 3}};
  apply(s, sequence(s, event::opened{"app", r.customer, "", "", "", {}, r, 2, "zh"}, t0));
  session_state back;
  ASSERT_TRUE(codec::unpack(codec::pack(s), back));
  EXPECT_EQ(codec::pack(back), codec::pack(s));
  EXPECT_EQ(back.dispatch->request.skills.at("refund"), 3);
}

TEST(transcript_tail, keeps_what_is_not_projected_and_says_what_it_covers) {
  transcript_tail tail(1);
  for (std::uint64_t i = 1; i <= 100; ++i) tail.add(i, i * 10, "x");
  tail.trim(500);
  EXPECT_EQ(tail.first(), 51u);
  EXPECT_TRUE(tail.covers(50));
  EXPECT_FALSE(tail.covers(49));
  tail.trim(100'000);
  EXPECT_EQ(tail.size(), transcript_tail::keep);
}

TEST(answered_requests, an_idle_session_gives_the_memory_of_its_keys_back) {
  for (std::uint64_t n : {20u, 200u}) {
    answered_requests a;
    for (std::uint64_t k = 1; k <= n; ++k) a.add({k, k}, k, from_unix_ms(0));
    EXPECT_GE(a.room(), n);
    a.clear();
    EXPECT_EQ(a.room(), 0u);
    EXPECT_EQ(a.find(1), nullptr);
  }
}

TEST(answered_requests, many_keys_are_found_as_a_few_are) {
  answered_requests answered;
  for (std::uint64_t i = 1; i <= 1000; ++i) answered.add({i, i + 1}, i, t0);
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    ASSERT_NE(answered.find(i), nullptr);
    EXPECT_EQ(answered.find(i)->seq, i);
  }
  EXPECT_EQ(answered.find(1001), nullptr);
}

}  // namespace
}  // namespace switchboard
