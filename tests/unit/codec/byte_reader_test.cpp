#include "runtime/codec/byte_reader.hpp"

#include <gtest/gtest.h>

#include "actors/read_model/projection/stored_events.hpp"
#include "runtime/codec/pack.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard::projecting {
namespace {

/// By msgpack-c, which has not to do with our reader.
std::vector<std::int64_t> numbers_of(const msgpack::object& event) {
  std::vector<std::int64_t> all;
  for (std::uint32_t i = 0; i < 6; ++i) all.push_back(event.via.array.ptr[i].as<std::int64_t>());
  return all;
}

TEST(byte_reader, reads_every_width_of_number_text_and_container) {
  codec::packer p;
  std::vector<std::int64_t> numbers{0,      127,    128,           255,           256,
                                    65'535, 65'536, 4'294'967'295, 4'294'967'296, -1,
                                    -32,    -33,    -129,          -40'000,       -3'000'000'000};
  for (auto n : numbers) p.integer(n);
  std::vector<std::size_t> sizes{0, 31, 32, 255, 256, 70'000};
  for (auto n : sizes) p.str(std::string(n, 'x')).bin(std::string(n, 'y'));
  p.array(15).array(16).array(70'000).map(3).map(300);
  codec::byte_reader r(p.view());
  for (auto n : numbers) EXPECT_EQ(r.integer(), n);
  for (auto n : sizes) {
    EXPECT_EQ(r.text(), std::string(n, 'x'));
    EXPECT_EQ(r.bin(), std::string(n, 'y'));
  }
  for (auto n : {15u, 16u, 70'000u}) EXPECT_EQ(r.array(), n);
  EXPECT_EQ(r.map(), 3u);
  EXPECT_EQ(r.map(), 300u);
  EXPECT_TRUE(r.at_end());
}

TEST(byte_reader, skips_whole_values_and_nothing_that_is_cut_off) {
  codec::packer p;
  p.map(2).str("a").array(3).nil().boolean(true).real(2.5).str("b").map(1).integer(1).bin("xy");
  auto whole = p.take();
  codec::byte_reader r(whole);
  EXPECT_TRUE(r.skip());
  EXPECT_TRUE(r.at_end());
  for (std::size_t n = 0; n < whole.size(); ++n) {
    codec::byte_reader cut(std::string_view(whole).substr(0, n));
    EXPECT_FALSE(cut.skip());
    EXPECT_EQ(cut.offset(), 0u);
  }
}

TEST(event_cursor, sees_what_msgpack_sees) {
  store::memory_journal journal;
  session_writer w(journal, numbered_session(1));
  std::mt19937_64 rng(3);
  for (int i = 0; i < 300; ++i) w.random_command(rng, noon + millis{i});
  std::string all;
  for (auto& e : w.events) all += e;
  event_cursor c(all);
  for (auto& bytes : w.events) {
    ASSERT_TRUE(c.next());
    EXPECT_EQ(c.bytes(), bytes);
    auto handle = msgpack::unpack(bytes.data(), bytes.size());
    auto& fields = handle.get().via.array;
    auto& mine = c.event();
    std::vector<std::int64_t> numbers{mine.kind,
                                      static_cast<std::int64_t>(mine.seq),
                                      unix_ms(mine.at),
                                      static_cast<std::int64_t>(mine.seen_by),
                                      static_cast<std::int64_t>(mine.customer_prev),
                                      static_cast<std::int64_t>(mine.agent_prev)};
    EXPECT_EQ(numbers, numbers_of(handle.get()));
    EXPECT_EQ(mine.key.key, fields.ptr[6].as<std::uint64_t>());
    EXPECT_EQ(mine.key.content, fields.ptr[7].as<std::uint64_t>());
    EXPECT_EQ(mine.open_part,
              std::string_view(fields.ptr[8].via.bin.ptr, fields.ptr[8].via.bin.size));
    EXPECT_EQ(mine.hidden_part,
              std::string_view(fields.ptr[9].via.bin.ptr, fields.ptr[9].via.bin.size));
  }
  EXPECT_FALSE(c.next());
  EXPECT_FALSE(c.damaged());
}

TEST(event_cursor, says_that_a_cut_off_event_is_damaged) {
  store::memory_journal journal;
  session_writer w(journal, numbered_session(1));
  w.open(noon);
  auto& bytes = w.events.front();
  for (std::size_t n = 1; n < bytes.size(); ++n) {
    event_cursor c(std::string_view(bytes).substr(0, n));
    EXPECT_FALSE(c.next());
    EXPECT_TRUE(c.damaged());
  }
}

}  // namespace
}  // namespace switchboard::projecting
