#include "adapters/attachment/attachment_store.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "config/token.hpp"
#include "runtime/store/lmdb_env.hpp"

namespace switchboard::attachment {
namespace {

namespace fs = std::filesystem;
const timestamp t0 = from_unix_ms(1'700'000'000'000);
const std::string png =
    std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0", 29) +
    std::string(400, 'p');
const std::string session = "s2001M82K6C3QT13BE0NB066G2130";

struct attachments : ::testing::Test {
  std::string dir;
  std::unique_ptr<attachment_store> store;
  limits l;
  upload_limits uploads;
  std::uint64_t room = 1ull << 40;

  attachments() {
    std::string name = (fs::temp_directory_path() / "switchboard-attachments-XXXXXX").string();
    dir = mkdtemp(name.data());
    open();
  }
  ~attachments() override {
    store.reset();
    fs::remove_all(dir);
  }
  void open() {
    store.reset();
    auto opened = attachment_store::open(dir, uploads, [this] { return room; });
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }
  static record upload(const std::string& n, std::size_t size, const std::string& type = "image") {
    record r;
    r.id = session + ".f" + n;
    r.session = session;
    r.channel = "app";
    r.by = "channel:app";
    r.type = type;
    r.name = "picture.png";
    r.size = size;
    return r;
  }
  result<record> bring(const std::string& n, const std::string& content,
                       const std::string& type = "image") {
    auto r = upload(n, content.size(), type);
    if (auto at = store->begin(r, l, t0); !at) return tl::unexpected(at.error());
    for (std::size_t at = 0; at < content.size(); at += 100) {
      auto ok = store->append(r.id, r.by, at, std::string_view(content).substr(at, 100), t0);
      if (!ok) return tl::unexpected(ok.error());
    }
    return store->finish(r.id, r.by, {}, l, t0);
  }
  result<record> claim(const std::string& n, const std::string& key = "m1",
                       const std::string& type = "image") {
    return store->claim(session + ".f" + n, session, "channel:app", key, type);
  }
  std::size_t contents() const {
    std::size_t n = 0;
    for (auto& e : fs::recursive_directory_iterator(dir + "/objects")) n += e.is_regular_file();
    return n;
  }
};

TEST_F(attachments, a_file_brought_in_pieces_is_read_back_in_ranges) {
  auto done = bring("1", png);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->kind, "image/png");
  EXPECT_EQ(done->sha256, config::sha256_hex(png));
  EXPECT_FALSE(store->read(done->id, 0, 100)) << "no message carries it yet";
  ASSERT_TRUE(claim("1"));
  auto middle = store->read(done->id, 8, 21);
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->data, png.substr(8, 21));
  EXPECT_TRUE(middle->more);
  auto end = store->read(done->id, png.size() - 5, 1000);
  EXPECT_EQ(end->data, "ppppp");
  EXPECT_FALSE(end->more);
  EXPECT_EQ(store->read(done->id, png.size() + 1, 1).error().field, "offset");
}

TEST_F(attachments, a_piece_said_again_changes_nothing_and_one_ahead_is_refused) {
  auto r = upload("1", png.size());
  ASSERT_EQ(store->begin(r, l, t0), 0u);
  EXPECT_EQ(store->append(r.id, r.by, 0, png.substr(0, 50), t0), 50u);
  EXPECT_EQ(store->append(r.id, r.by, 0, png.substr(0, 50), t0), 50u);
  EXPECT_EQ(store->append(r.id, r.by, 60, "x", t0).error().field, "offset");
  EXPECT_EQ(store->append(r.id, r.by, 50, std::string(png.size(), 'x'), t0).error().field, "data");
  EXPECT_EQ(store->begin(r, l, t0), 50u) << "begun again it goes on where it was";
  EXPECT_EQ(store->finish(r.id, r.by, {}, l, t0).error().code, errc::failed_precondition);
  EXPECT_EQ(store->append(r.id, "channel:web", 50, "x", t0).error().code, errc::not_found)
      << "somebody else's upload";
}

TEST_F(attachments, the_content_decides_what_it_is_not_its_name) {
  EXPECT_EQ(bring("1", "MZ this is no picture at all", "image").error().field, "type");
  EXPECT_EQ(contents(), 0u);
  EXPECT_EQ(bring("5",
                  "<?xml version=\"1.0\"?><svg "
                  "xmlns=\"http://www.w3.org/2000/svg\"><script>x()</script></svg>\n",
                  "image")
                .error()
                .field,
            "type")
      << "a picture that may carry scripts";
  l.kinds = {"image/*"};
  EXPECT_EQ(bring("2", "plain text", "file").error().rule, "attachments.kinds");
  ASSERT_TRUE(bring("3", png, "file"));
  EXPECT_EQ(claim("3", "m1", "voice").error().field, "type");
  EXPECT_TRUE(claim("3", "m1", "image"));
}

TEST_F(attachments, what_came_must_be_what_was_promised) {
  auto r = upload("1", png.size());
  ASSERT_TRUE(store->begin(r, l, t0));
  ASSERT_TRUE(store->append(r.id, r.by, 0, png, t0));
  EXPECT_EQ(store->finish(r.id, r.by, std::string(64, '0'), l, t0).error().field, "sha256");
}

TEST_F(attachments, limits_of_size_session_and_channel_hold) {
  l.size = 100;
  EXPECT_EQ(bring("1", png).error().rule, "attachments.size");
  l.size = 1 << 20;
  l.channel_quota = 2 * png.size();
  ASSERT_TRUE(bring("2", png));
  ASSERT_TRUE(bring("3", png));
  EXPECT_EQ(bring("4", png).error().rule, "attachments.channel_quota");
  l.channel_quota = 1 << 30;
  l.per_session = 2;
  EXPECT_EQ(bring("5", png).error().rule, "attachments.per_session");
}

TEST_F(attachments, uploads_under_way_count_against_the_quota_with_all_they_have_promised) {
  l.channel_quota = 10'000;
  ASSERT_TRUE(store->begin(upload("1", 4'000), l, t0));
  ASSERT_TRUE(store->begin(upload("2", 4'000), l, t0));
  EXPECT_EQ(store->begin(upload("3", 4'000), l, t0).error().rule, "attachments.channel_quota");
  auto other = upload("4", 4'000);
  other.channel = other.by = "web";
  EXPECT_TRUE(store->begin(other, l, t0)) << "another channel has a quota of its own";
  EXPECT_EQ(store->begin(upload("1", 4'000), l, t0), 0u) << "it is under way already";
}

TEST_F(attachments, the_quota_is_free_again_once_an_upload_has_ended) {
  l.channel_quota = 4'000;
  ASSERT_TRUE(store->begin(upload("1", 4'000), l, t0));
  ASSERT_FALSE(store->begin(upload("2", 4'000), l, t0));
  store->sweep(t0 + uploads.first_piece_within + millis{1});
  EXPECT_TRUE(store->begin(upload("2", 4'000), l, t0));
}

TEST_F(attachments, what_uploads_have_promised_must_fit_the_disk) {
  room = uploads.disk_free + 10'000;
  ASSERT_TRUE(store->begin(upload("1", 6'000), l, t0));
  EXPECT_EQ(store->begin(upload("2", 6'000), l, t0).error().code, errc::resource_exhausted);
  EXPECT_TRUE(store->begin(upload("3", 4'000), l, t0));
}

TEST_F(attachments, a_piece_is_refused_while_the_disk_is_nearly_full_and_taken_after) {
  auto r = upload("1", png.size());
  ASSERT_TRUE(store->begin(r, l, t0));
  room = uploads.disk_free;
  EXPECT_EQ(store->append(r.id, r.by, 0, png, t0).error().code, errc::resource_exhausted);
  room = uploads.disk_free + png.size();
  EXPECT_EQ(store->append(r.id, r.by, 0, png, t0), png.size())
      << "nothing of the first try is there";
  EXPECT_TRUE(store->finish(r.id, r.by, {}, l, t0));
}

TEST_F(attachments, one_token_has_a_share_of_the_places_and_leaves_the_rest_to_others) {
  uploads.in_all = 5;
  uploads.of_one = 3;
  open();
  for (auto* n : {"1", "2", "3"}) ASSERT_TRUE(store->begin(upload(n, 10), l, t0));
  EXPECT_EQ(store->begin(upload("4", 10), l, t0).error().code, errc::resource_exhausted);
  auto other = upload("5", 10);
  other.by = "agent:lin";
  EXPECT_TRUE(store->begin(other, l, t0));
}

TEST_F(attachments, an_upload_without_a_byte_loses_its_place_soon) {
  ASSERT_TRUE(store->begin(upload("1", 10), l, t0));
  auto r = upload("2", 10);
  ASSERT_TRUE(store->begin(r, l, t0));
  ASSERT_TRUE(store->append(r.id, r.by, 0, "x", t0));
  // Asking again is no progress.
  auto later = t0 + uploads.first_piece_within + millis{1};
  ASSERT_TRUE(store->begin(upload("1", 10), l, later));
  store->sweep(later);
  EXPECT_EQ(store->used().uploads, 1u);
}

TEST_F(attachments, a_slow_upload_ends_by_itself_however_often_it_says_a_byte_again) {
  auto r = upload("1", 1'000);
  ASSERT_TRUE(store->begin(r, l, t0));
  ASSERT_TRUE(store->append(r.id, r.by, 0, "x", t0));
  auto later = t0 + uploads.piece_within + millis{1};
  ASSERT_TRUE(store->append(r.id, r.by, 0, "x", later)) << "said again";
  store->sweep(later);
  EXPECT_EQ(store->used().uploads, 0u);
  // A byte now and then does not go on for ever.
  r = upload("2", 1'000);
  ASSERT_TRUE(store->begin(r, l, t0));
  auto now = t0;
  for (std::uint64_t at = 0; now < t0 + uploads.upload_within; ++at) {
    ASSERT_TRUE(store->append(r.id, r.by, at, "x", now));
    store->sweep(now);
    now += uploads.piece_within;
  }
  store->sweep(now + millis{1});
  EXPECT_EQ(store->used().uploads, 0u);
}

TEST_F(attachments, an_attachment_belongs_to_one_message_of_its_own_session) {
  ASSERT_TRUE(bring("1", png));
  EXPECT_EQ(
      store->claim(session + ".f1", "s1001M82K6C3QT13BE0NB066G2130", "channel:app", "m1", "image")
          .error()
          .code,
      errc::not_found);
  EXPECT_EQ(store->claim(session + ".f1", session, "agent:lin", "m1", "image").error().code,
            errc::not_found);
  ASSERT_TRUE(claim("1", "m1"));
  EXPECT_TRUE(claim("1", "m1")) << "the same message, sent again";
  EXPECT_EQ(claim("1", "m2").error().code, errc::failed_precondition);
}

TEST_F(attachments, one_content_is_kept_once_and_goes_with_its_last_use) {
  ASSERT_TRUE(bring("1", png));
  ASSERT_TRUE(bring("2", png));
  EXPECT_EQ(contents(), 1u);
  ASSERT_TRUE(claim("1", "m1"));
  ASSERT_TRUE(claim("2", "m2"));
  ASSERT_TRUE(store->release(session + ".f1"));
  EXPECT_FALSE(store->read(session + ".f1", 0, 10));
  EXPECT_TRUE(store->read(session + ".f2", 0, 10));
  ASSERT_TRUE(store->release(session + ".f2"));
  EXPECT_EQ(contents(), 0u);
}

TEST_F(attachments, an_erased_customers_files_are_gone_but_what_another_session_has_too_stays) {
  const std::string other = "s1001M82K6C3QT13BE0NB066G2130";
  ASSERT_TRUE(bring("1", png));
  ASSERT_TRUE(bring("2", "only here", "file"));
  ASSERT_TRUE(claim("1", "m1"));
  ASSERT_TRUE(claim("2", "m2", "file"));
  auto shared = upload("3", png.size());
  shared.session = other;
  shared.id = other + ".f3";
  ASSERT_TRUE(store->begin(shared, l, t0));
  ASSERT_TRUE(store->append(shared.id, shared.by, 0, png, t0));
  ASSERT_TRUE(store->finish(shared.id, shared.by, {}, l, t0));
  ASSERT_TRUE(store->claim(shared.id, other, shared.by, "m3", "image"));
  auto half = upload("4", 1000);
  ASSERT_TRUE(store->begin(half, l, t0));
  ASSERT_EQ(contents(), 2u);

  EXPECT_EQ(store->forget(session).value(), 3u);
  EXPECT_FALSE(store->read(session + ".f1", 0, 10));
  EXPECT_FALSE(store->read(session + ".f2", 0, 10));
  EXPECT_EQ(store->append(half.id, half.by, 0, "x", t0).error().code, errc::not_found);
  EXPECT_EQ(store->read(shared.id, 0, png.size())->data, png);
  EXPECT_EQ(contents(), 1u);
  EXPECT_EQ(store->forget(session).value(), 0u) << "said again";
  EXPECT_EQ(store->used().attachments, 1u);
}

TEST_F(attachments, an_erased_customers_file_name_is_in_no_file_after_a_compaction) {
  auto r = upload("1", 4, "file");
  r.name = "Zyxwvut.txt";
  ASSERT_TRUE(store->begin(r, l, t0));
  ASSERT_TRUE(store->append(r.id, r.by, 0, "text", t0));
  ASSERT_TRUE(store->finish(r.id, r.by, {}, l, t0));
  ASSERT_TRUE(store->forget(session));
  store.reset();
  ASSERT_TRUE(attachment_store::compact(dir));
  std::ifstream in(dir + "/index/data.mdb", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(bytes.find("Zyxwvut"), std::string::npos);
  open();
  EXPECT_EQ(store->used().attachments, 0u);
}

TEST_F(attachments, what_no_message_carries_expires_and_gives_its_room_back) {
  l.channel_quota = png.size();
  ASSERT_TRUE(bring("1", png));
  EXPECT_EQ(store->sweep(t0 + l.unreferenced_for - millis{1}), 0u);
  EXPECT_EQ(store->sweep(t0 + l.unreferenced_for + millis{1}), 1u);
  EXPECT_EQ(contents(), 0u);
  ASSERT_TRUE(bring("2", png));
  ASSERT_TRUE(claim("2"));
  EXPECT_EQ(store->sweep(t0 + 100 * l.unreferenced_for), 0u) << "a message carries it";
}

TEST_F(attachments, survive_a_restart_while_what_was_under_way_is_begun_again) {
  ASSERT_TRUE(bring("1", png));
  auto r = upload("2", 1000);
  ASSERT_TRUE(store->begin(r, l, t0));
  ASSERT_TRUE(store->append(r.id, r.by, 0, png, t0));
  open();
  ASSERT_TRUE(claim("1"));
  EXPECT_EQ(store->read(session + ".f1", 0, png.size())->data, png);
  EXPECT_EQ(store->append(r.id, r.by, png.size(), "x", t0).error().code, errc::not_found);
  EXPECT_EQ(store->begin(r, l, t0), 0u);
}

TEST_F(attachments,
       what_uploads_left_is_cleared_before_the_store_is_opened_and_only_where_nobody_has_it) {
  auto r = upload("1", png.size());
  ASSERT_TRUE(store->begin(r, l, t0));
  attachment_store::clear_unfinished(dir);
  EXPECT_TRUE(store->append(r.id, r.by, 0, png, t0)) << "the folder is in use";
  EXPECT_TRUE(store->finish(r.id, r.by, {}, l, t0));
  store.reset();
  std::ofstream(dir + "/incoming/half") << "half";
  attachment_store::clear_unfinished(dir);
  EXPECT_FALSE(fs::exists(dir + "/incoming/half"));
  attachment_store::clear_unfinished(dir + "/not there");
  EXPECT_FALSE(fs::exists(dir + "/not there"));
}

TEST_F(attachments, a_content_that_no_index_speaks_of_is_removed_at_the_start) {
  store.reset();
  fs::create_directories(dir + "/objects/ab");
  std::ofstream(dir + "/objects/ab/ab12") << "left by a crash between the rename and the index";
  std::ofstream(dir + "/incoming/half") << "half";
  open();
  EXPECT_EQ(contents(), 0u);
  EXPECT_FALSE(fs::exists(dir + "/incoming/half"));
}

/// The index as it lies on the disk.
struct attachments_on_disk : attachments {
  void rewrite(const std::string& table, const std::function<std::string(std::string)>& how,
               const std::string& from = {}, bool unmark = false) {
    store.reset();
    auto env =
        store::lmdb_env::open({.dir = dir + "/index", .map_size = std::size_t{4} << 30}).value();
    auto bare = env->table(table).value(), sealing = env->table("_sealing").value();
    auto txn = env->begin_write().value();
    std::vector<std::pair<std::string, std::string>> all;
    txn.scan(bare, from, [&](std::string_view key, std::string_view value) {
      all.emplace_back(key, value);
      return true;
    });
    for (auto& [key, value] : all) ASSERT_TRUE(txn.put(bare, key, how(value)));
    if (unmark) {
      ASSERT_TRUE(txn.clear(sealing));
    }
    ASSERT_TRUE(txn.commit());
  }
  static std::string flipped(std::string value) {
    value[value.size() / 2] ^= 4;
    return value;
  }
};

TEST_F(attachments_on_disk,
       a_damaged_entry_is_an_error_in_words_and_no_content_goes_for_want_of_its_name) {
  ASSERT_TRUE(bring("1", png));
  ASSERT_TRUE(claim("1"));
  ASSERT_TRUE(bring("2", png + "2"));
  ASSERT_TRUE(claim("2", "m2"));
  rewrite("entries", flipped, session + ".f2");
  rewrite("uses", flipped);
  open();
  EXPECT_EQ(store->read(session + ".f1", 0, 8)->data, png.substr(0, 8));
  auto lost = store->read(session + ".f2", 0, 8);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, errc::internal);
  EXPECT_NE(lost.error().message.find("damaged"), std::string::npos) << lost.error().message;
  EXPECT_EQ(contents(), 2u);
  // Its session can be forgotten all the same.
  EXPECT_EQ(store->forget(session), 2u);
  EXPECT_EQ(store->used().attachments, 0u);
}

TEST_F(attachments_on_disk, what_follows_from_the_entries_is_made_anew_where_it_is_damaged) {
  l.channel_quota = 2 * png.size();
  ASSERT_TRUE(bring("1", png));
  ASSERT_TRUE(bring("2", png));
  for (auto table : {"uses", "usage", "expiry"}) rewrite(table, flipped);
  open();
  EXPECT_EQ(bring("3", png).error().rule, "attachments.channel_quota");
  ASSERT_TRUE(store->release(session + ".f1"));
  EXPECT_EQ(contents(), 1u) << "the other one has it too";
  EXPECT_EQ(store->sweep(t0 + std::chrono::hours(24 * 30)), 1u);
  EXPECT_EQ(contents(), 0u);
}

TEST_F(attachments_on_disk, an_index_of_an_earlier_program_gets_its_checksums) {
  ASSERT_TRUE(bring("1", png));
  ASSERT_TRUE(claim("1"));
  for (auto table : {"entries", "uses", "usage", "expiry"})
    rewrite(
        table, [](std::string value) { return value.substr(0, value.size() - 4); }, {}, true);
  open();
  EXPECT_EQ(store->read(session + ".f1", 0, 8)->data, png.substr(0, 8));
  rewrite("entries", flipped);
  open();
  EXPECT_FALSE(store->read(session + ".f1", 0, 8));
}

TEST_F(attachments_on_disk, a_content_that_is_not_what_its_name_says_is_not_read) {
  auto done = bring("1", png);
  ASSERT_TRUE(claim("1"));
  const auto path = dir + "/objects/" + done->sha256.substr(0, 2) + "/" + done->sha256;
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.put('q');
  }
  open();
  auto piece = store->read(session + ".f1", 0, 8);
  ASSERT_FALSE(piece) << "not its beginning either, which is whole";
  EXPECT_NE(piece.error().message.find("damaged"), std::string::npos);
}

TEST_F(attachments_on_disk,
       a_damaged_index_is_put_aside_and_its_contents_stay_for_a_backups_index) {
  ASSERT_TRUE(bring("1", png));
  ASSERT_TRUE(claim("1"));
  store.reset();
  fs::resize_file(dir + "/index/data.mdb", fs::file_size(dir + "/index/data.mdb") / 2);
  open();
  EXPECT_EQ(store->read(session + ".f1", 0, 8).error().code, errc::not_found);
  EXPECT_TRUE(fs::exists(dir + "/index.damaged/data.mdb"));
  open();
  EXPECT_EQ(contents(), 1u);
  ASSERT_TRUE(bring("2", png + "2")) << "others are served";
}

}  // namespace
}  // namespace switchboard::attachment
