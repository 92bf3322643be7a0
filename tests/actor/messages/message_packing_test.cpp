#include <caf/all.hpp>
#include <gtest/gtest.h>

#include "actors/messages/interfaces.hpp"

/// How messages travel between nodes.
namespace switchboard {
namespace {

template <class Message> std::vector<char> packed(Message m) {
  std::vector<char> out;
  caf::binary_serializer sink(nullptr, out);
  EXPECT_FALSE(sink(m));
  return out;
}

template <class Message> caf::error unpacked(const std::vector<char>& bytes, Message& m) {
  caf::binary_deserializer source(nullptr, bytes);
  return source(m);
}

TEST(message_packing, a_call_arrives_as_it_was_sent) {
  session_call sent, got;
  sent.method = session_method::tag;
  sent.by = {"agent", "lin", "Lin"};
  sent.op_id = "1";
  sent.add = {"vip"};
  ASSERT_FALSE(unpacked(packed(sent), got));
  EXPECT_EQ(codec::pack(got), codec::pack(sent));
  EXPECT_EQ(got.op_id, "1");
}

TEST(message_packing, a_damaged_message_is_refused_and_not_acted_on_half_filled) {
  for (std::string damaged : {"\xc1", "\x81\xa6method", "\x81\xa6method\xa1x"}) {
    session_call got;
    EXPECT_EQ(unpacked(packed(damaged), got), caf::sec::invalid_argument);
  }
}

TEST(message_packing, events_and_snapshots_travel_byte_for_byte) {
  const std::string bytes("\xff\x00\xe4", 3);
  history_page page, page_got;
  page.events = bytes;
  ASSERT_FALSE(unpacked(packed(page), page_got));
  EXPECT_EQ(page_got.events, bytes);
  session_loaded loaded, loaded_got;
  loaded.snapshot = bytes;
  ASSERT_FALSE(unpacked(packed(loaded), loaded_got));
  EXPECT_EQ(loaded_got.snapshot, bytes);
  agent_retired retired, retired_got;
  retired.record = bytes;
  ASSERT_FALSE(unpacked(packed(retired), retired_got));
  EXPECT_EQ(retired_got.record, bytes);
}

}  // namespace
}  // namespace switchboard
